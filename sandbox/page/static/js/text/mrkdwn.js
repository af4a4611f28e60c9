// Slack's mrkdwn, read into nodes. Its three escapes are undone last, in the text that is left.

import { h } from "../dom.js";
import { broadcast, channelLink, link, mention, moment } from "./inline.js";

// A style's marks stand at the edges of words: 2*3*4 is no bold 3.
const style = (mark) =>
  `(?<![\\p{L}\\p{N}])[${mark}](?=[^\\s${mark}])([^${mark}\\n]*[^\\s${mark}])[${mark}](?![\\p{L}\\p{N}])`;
const PIECE = new RegExp(
  [
    "```([\\s\\S]+?)```",
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    style("*"),
    style("_"),
    style("~"),
    "(https?://[^\\s<>]+)",
  ].join("|"),
  "gu",
);

export function mrkdwn(text, { verbatim = false } = {}) {
  return paragraphs(text).map(({ quoted, words }) =>
    quoted ? h("blockquote", null, inline(words, verbatim)) : inline(words, verbatim),
  );
}

export function textObject(object) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, object);
  return lines(object.text);
}

// Lines that begin with > belong to one quote.
function paragraphs(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const quoted = line.startsWith("&gt;");
    const words = quoted ? line.slice(4).trimStart() : line;
    const last = found.at(-1);
    if (last && last.quoted === quoted) last.words += `\n${words}`;
    else found.push({ quoted, words });
  }
  return found;
}

function inline(text, verbatim) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    nodes.push(...lines(unescape(text.slice(end, match.index))), piece(match, verbatim));
    end = match.index + match[0].length;
  }
  return [...nodes, ...lines(unescape(text.slice(end)))];
}

function piece([whole, block, code, entity, bold, italic, strike, address], verbatim) {
  if (block) return h("pre", null, unescape(block.replace(/^\n/, "")));
  if (code) return h("code", null, unescape(code));
  if (entity) return special(entity);
  if (bold) return h("b", null, inline(bold, verbatim));
  if (italic) return h("i", null, inline(italic, verbatim));
  if (strike) return h("s", null, inline(strike, verbatim));
  if (address && !verbatim) return link(unescape(address), unescape(address));
  return unescape(whole);
}

// What stands between < and >.
function special(entity) {
  const [target, ...labels] = entity.split("|");
  const label = unescape(labels.join("|"));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1));
  if (target.startsWith("!date^")) {
    const [, timestamp, format] = target.split("^");
    return moment(timestamp, unescape(format ?? ""), label);
  }
  if (target.startsWith("!")) return broadcast(label || target.slice(1).split("^")[0]);
  return link(unescape(target), label);
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
