// Brings a list on the screen up to date, and touches only what changed.
//
// Each item has a `key`, a `mark` (a list of whatever its looks depend on) and a `build` that makes its
// node. A node is kept, with the focus and everything typed in it, as long as its mark stays the same.

const shown = new WeakMap();

export function keyed(parent, items) {
  const before = shown.get(parent) ?? new Map();
  const after = new Map();
  let place = parent.firstChild;
  for (const item of items) {
    const old = before.get(item.key);
    const same = old && sameMark(old.mark, item.mark);
    const node = same ? old.node : item.build();
    const focused = old && !same ? focusIn(old.node) : -1;
    if (old && !same) {
      if (old.node === place) place = place.nextSibling;
      old.node.remove();
    }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    if (focused >= 0) controls(node)[focused]?.focus();
    after.set(item.key, { node, mark: item.mark });
  }
  for (const [key, old] of before) if (!after.has(key)) old.node.remove();
  shown.set(parent, after);
}

// Who uses the keyboard stays where they were when what they used is drawn anew.
function focusIn(node) {
  return controls(node).indexOf(document.activeElement);
}

function controls(node) {
  const within = [...node.querySelectorAll("button, input, select, textarea, [tabindex]")];
  return node.matches("button") ? [node, ...within] : within;
}

function sameMark(one, other) {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
