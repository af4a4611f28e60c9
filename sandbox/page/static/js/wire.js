// Options and files as the server takes them: by value and by id.

export function wire(value) {
  if (Array.isArray(value)) return value.map(wire);
  return value?.value ?? value?.id ?? value ?? null;
}
