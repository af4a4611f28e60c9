// The rich_text block.

import { h } from "../dom.js";
import { unknown } from "../blocks/unknown.js";
import { broadcast, channelLink, link, mention, moment } from "./inline.js";

const PARTS = {
  rich_text_section: (part) => h("p", null, part.elements.map(inline)),
  rich_text_list: list,
};

const INLINE = {
  text: (element) => element.text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line])),
  user: (element) => mention(element.user_id),
  channel: (element) => channelLink(element.channel_id),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id}`),
  broadcast: (element) => broadcast(element.range),
  link: (element) => link(element.url, element.text),
  date: (element) => moment(element.timestamp, element.format, element.fallback ?? ""),
};

const STYLES = { code: "code", bold: "b", italic: "i", strike: "s" };

export function richText(block) {
  return h("div", { class: "rich-text" }, block.elements.map(part));
}

function part(each) {
  return PARTS[each.type]?.(each) ?? unknown(each);
}

function list(each) {
  const items = each.elements.map((item) => h("li", null, item.elements.map(inline)));
  return h(each.style === "ordered" ? "ol" : "ul", { class: `indent-${each.indent ?? 0}` }, items);
}

function inline(element) {
  const plain = INLINE[element.type];
  if (!plain) return unknown(element);
  return Object.entries(STYLES)
    .filter(([name]) => element.style?.[name])
    .reduce((inside, [, tag]) => h(tag, null, inside), plain(element));
}
