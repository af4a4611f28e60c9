// Block Kit. Every block becomes one node; `context` says what using an element in it does:
//   id                     a prefix for ids, unique on the page
//   use(element, value)    a button was pressed, or a value chosen outside an input
//   valueOf(block), type(block, value), errorOf(block), suggest(block, query)   only where there are inputs

import { h } from "../dom.js";
import { richText } from "../text/rich_text.js";
import { textObject } from "../text/mrkdwn.js";
import { control } from "./controls.js";
import { inputBlock } from "./input_block.js";
import { unknown } from "./unknown.js";

const BLOCKS = {
  header: (block) => h("h3", { class: "header" }, textObject(block.text)),
  divider: () => h("hr"),
  rich_text: richText,
  section,
  context,
  image,
  actions: (block, where) =>
    h(
      "div",
      { class: "actions" },
      block.elements.map((each) => used(each, block, where)),
    ),
  input: inputBlock,
};

export function renderBlock(block, where) {
  const node = BLOCKS[block.type]?.(block, where) ?? unknown(block);
  node.dataset.block = block.block_id ?? "";
  return node;
}

function section(block, where) {
  const text = block.text ? h("div", { class: "text" }, textObject(block.text)) : null;
  const fields = block.fields?.map((field) => h("div", { class: "field" }, textObject(field)));
  const words = h("div", { class: "words" }, text, fields ? h("div", { class: "fields" }, fields) : null);
  const accessory = block.accessory
    ? h("div", { class: "accessory" }, used(block.accessory, block, where))
    : null;
  return h("div", { class: "section" }, words, accessory);
}

function context(block) {
  const parts = block.elements.map((each) =>
    each.type === "image" ? picture(each) : h("span", null, textObject(each)),
  );
  return h("div", { class: "context" }, parts);
}

function image(block) {
  const title = block.title ? h("figcaption", null, textObject(block.title)) : null;
  return h("figure", null, title, picture(block));
}

// Pictures from elsewhere are not loaded: the sandbox talks to nobody outside this machine.
function picture(image) {
  return h("span", { class: "picture", role: "img", "aria-label": image.alt_text }, `🖼 ${image.alt_text}`);
}

function used(element, block, where) {
  if (element.type === "image") return picture(element);
  const field = {
    id: `${where.id}-${block.block_id}-${element.action_id}`,
    label: element.placeholder?.text ?? element.text?.text ?? element.action_id,
    value: null,
    change: (value) => where.use(element, value),
    suggest: (query) => where.suggest?.(block, query) ?? [],
  };
  return control(element, field);
}
