// A select whose options are all there already.

import { h } from "../dom.js";
import { attributes } from "./attributes.js";

export function staticSelect(element, field) {
  const groups = element.option_groups ?? [{ options: element.options }];
  const node = h(
    "select",
    { ...attributes(field), on: { change: () => field.change(pick(groups, node.value)) } },
    h("option", { value: "" }, element.placeholder?.text ?? "Choose an option"),
    groups.map(group),
  );
  node.value = field.value?.value ?? "";
  return node;
}

function group({ label, options }) {
  const nodes = options.map((option) => h("option", { value: option.value }, words(option)));
  return label ? h("optgroup", { label: label.text }, nodes) : nodes;
}

// Slack writes the description below the text; a browser's own list has one line for both.
function words({ text, description }) {
  return description ? `${text.text}: ${description.text}` : text.text;
}

function pick(groups, value) {
  return groups.flatMap((each) => each.options).find((option) => option.value === value) ?? null;
}
