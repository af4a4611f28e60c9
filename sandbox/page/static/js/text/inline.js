// The pieces of text that Slack itself fills in: mentions, channels, dates and links.

import { h } from "../dom.js";
import { channelName, nameOf } from "../names.js";
import { formatDate } from "../time.js";

const FOLLOWED = ["http:", "https:", "mailto:", "tel:"];

export function mention(user) {
  return h("span", { class: "mention" }, `@${nameOf(user)}`);
}

export function channelLink(channel) {
  return h("span", { class: "mention" }, `#${channelName(channel)}`);
}

export function broadcast(range) {
  return h("span", { class: "mention loud" }, `@${range}`);
}

export function moment(timestamp, format, fallback) {
  const seconds = Number(timestamp);
  if (!Number.isFinite(seconds)) return fallback;
  const title = new Date(seconds * 1000).toLocaleString();
  return h("time", { datetime: new Date(seconds * 1000).toISOString(), title }, formatDate(seconds, format));
}

// An address that a browser would run instead of open is shown as text.
export function link(address, words) {
  if (!isFollowed(address)) return words || address;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words || address);
}

export function isFollowed(address) {
  try {
    return FOLLOWED.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
