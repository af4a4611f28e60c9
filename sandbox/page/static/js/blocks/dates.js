// Pickers for days, times and moments: the browser's own.

import { h } from "../dom.js";
import { attributes } from "./attributes.js";

export function datePicker(element, field) {
  return picker("date", field, field.value ?? "", (typed) => typed || null);
}

export function timePicker(element, field) {
  return picker("time", field, field.value ?? "", (typed) => typed || null);
}

// Slack keeps Unix seconds; the browser shows them in the person's own time zone.
export function dateTimePicker(element, field) {
  const shown = field.value ? localMoment(field.value) : "";
  return picker("datetime-local", field, shown, (typed) => (typed ? Date.parse(typed) / 1000 : null));
}

function picker(type, field, shown, read) {
  const node = h("input", {
    ...attributes(field),
    type,
    on: { change: () => field.change(read(node.value)) },
  });
  node.value = shown;
  return node;
}

function localMoment(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
