// Checkboxes and radio buttons.

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";

export function checkboxes(element, field) {
  const chosen = () => element.options.filter((_, index) => boxes[index].checked);
  const held = (field.value ?? []).map((option) => option.value);
  const boxes = element.options.map((option) =>
    box("checkbox", field, held.includes(option.value), () => field.change(chosen())),
  );
  return group(element, field, boxes);
}

export function radioButtons(element, field) {
  const boxes = element.options.map((option) =>
    box("radio", field, field.value?.value === option.value, () => field.change(option)),
  );
  return group(element, field, boxes);
}

function box(type, field, checked, change) {
  const node = h("input", { type, name: field.id, on: { change } });
  node.checked = checked;
  return node;
}

function group(element, field, boxes) {
  const rows = element.options.map((option, index) =>
    h(
      "label",
      { class: "choice" },
      boxes[index],
      h("span", null, textObject(option.text), description(option)),
    ),
  );
  const role = element.type === "radio_buttons" ? "radiogroup" : "group";
  return h(
    "div",
    {
      class: "choices",
      role,
      id: field.id,
      "aria-label": field.label,
      "aria-labelledby": field.labelledBy,
      "aria-describedby": field.describedBy,
    },
    rows,
  );
}

function description(option) {
  return option.description ? h("small", null, textObject(option.description)) : null;
}
