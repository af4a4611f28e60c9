// Pickers for days and times: the browser's own.

import { h } from "../dom.js";
import { attributes } from "./attributes.js";

export const picker = (type) => (element, field) => {
  const node = h("input", {
    ...attributes(field),
    type,
    on: { change: () => field.change(node.value || null) },
  });
  node.value = field.value ?? "";
  return node;
};
