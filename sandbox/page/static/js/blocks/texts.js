// Elements to type in.

import { h } from "../dom.js";
import { attributes } from "./attributes.js";

export const oneLine = (type) => (element, field) => input(element, field, { type, autocomplete: "off" });

export function numberInput(element, field) {
  return input(element, field, {
    type: "text",
    inputmode: element.is_decimal_allowed ? "decimal" : "numeric",
  });
}

export function manyLines(element, field) {
  const props = { ...attributes(field), rows: 3, placeholder: element.placeholder?.text };
  const area = h("textarea", { ...props, on: { input: () => field.change(area.value) } });
  area.value = words(field.value);
  return area;
}

function input(element, field, props) {
  const shared = { ...attributes(field), placeholder: element.placeholder?.text, spellcheck: "false" };
  const node = h("input", { ...shared, ...props, on: { input: () => field.change(node.value) } });
  node.value = words(field.value);
  return node;
}

// A rich_text_input keeps a block; here it is typed as plain words.
function words(value) {
  if (value?.elements)
    return value.elements.flatMap((part) => part.elements.map((each) => each.text ?? "")).join("");
  return value ?? "";
}
