// Elements to type in.

import { h } from "../dom.js";
import { attributes } from "./attributes.js";

export function textInput(element, field) {
  return element.multiline ? manyLines(element, field) : oneLine(element, field, { autocomplete: "off" });
}

export function numberInput(element, field) {
  return oneLine(element, field, { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" });
}

function manyLines(element, field) {
  const props = { ...attributes(field), rows: 3, placeholder: element.placeholder?.text };
  const area = h("textarea", { ...props, on: { input: () => field.change(area.value) } });
  area.value = field.value ?? "";
  return area;
}

function oneLine(element, field, more) {
  const props = { ...attributes(field), ...more, type: "text", spellcheck: "false" };
  const placeholder = element.placeholder?.text;
  const node = h("input", { ...props, placeholder, on: { input: () => field.change(node.value) } });
  node.value = field.value ?? "";
  return node;
}
