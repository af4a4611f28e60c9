// An input block: label, element, hint, and what is wrong with it.

import { h } from "../dom.js";
import { control, isGroup } from "./controls.js";

export function inputBlock(block, where) {
  const id = `${where.id}-${block.block_id}`;
  const error = where.errorOf(block);
  const field = {
    id,
    value: where.valueOf(block),
    required: !block.optional,
    invalid: Boolean(error),
    labelledBy: `${id}-label`,
    describedBy: [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || null,
    change: (value) => where.type(block, value),
    suggest: (query) => where.suggest(block, query),
  };
  return h(
    "div",
    { class: `input ${error ? "wrong" : ""}` },
    label(block, id, isGroup(block.element)),
    control(block.element, field),
    error ? h("p", { class: "error", id: `${id}-error` }, error) : null,
    block.hint ? h("p", { class: "hint", id: `${id}-hint` }, block.hint.text) : null,
  );
}

function label(block, id, ofGroup) {
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const props = { class: "label", id: `${id}-label` };
  return ofGroup
    ? h("div", props, block.label.text, optional)
    : h("label", { ...props, for: id }, block.label.text, optional);
}
