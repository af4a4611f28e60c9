// One message, and the line under it that leads to its thread.

import { act } from "../api.js";
import { renderBlock } from "../blocks/blocks.js";
import { h, unseen } from "../dom.js";
import { avatar, isApp, nameOf } from "../names.js";
import { look } from "../store.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { clock, dayOf } from "../time.js";
import { wire } from "../wire.js";

// `replies` are those of a message outside threads; in a thread there are none to show.
export function messageItem(message, replies, open) {
  const summary = replies.length ? `${replies.length} ${replies.at(-1).ts}` : "";
  return {
    key: message.ts,
    mark: [message, summary],
    build: () => messageNode(message, replies, open),
  };
}

export function dayItem(day) {
  return { key: `day ${day}`, mark: [day], build: () => h("li", { class: "day" }, h("span", null, day)) };
}

function messageNode(message, replies, open) {
  const flags = [message.only_me && "only-me", message.deleted && "deleted"].filter(Boolean).join(" ");
  return h(
    "li",
    { class: `message ${flags}`, "data-ts": message.ts },
    message.only_me ? h("div", { class: "whisper" }, "Only visible to you") : null,
    avatar(message.user),
    h(
      "div",
      { class: "body" },
      head(message),
      content(message),
      replies.length ? threadLink(message, replies) : null,
    ),
    open && !message.only_me ? toolbar(message) : null,
  );
}

function head(message) {
  return h(
    "div",
    { class: "head" },
    h("b", null, nameOf(message.user)),
    isApp(message.user) ? h("span", { class: "badge" }, "APP") : null,
    h("time", null, clock(message.ts)),
  );
}

function content(message) {
  const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
  if (!message.blocks.length) return h("div", { class: "text" }, mrkdwn(message.text), edited);
  return h(
    "div",
    { class: "blocks" },
    message.blocks.map((block) => renderBlock(block, using(message))),
    edited,
  );
}

function using(message) {
  return {
    id: `m-${message.ts}`,
    use: (element, value) =>
      act("click", {
        channel: message.channel,
        ts: message.ts,
        action_id: element.action_id,
        value: wire(value),
      }),
    valueOf: () => null,
    errorOf: () => "",
    type: () => {},
    suggest: () => [],
  };
}

function threadLink(message, replies) {
  const people = [...new Set(replies.map((reply) => reply.user))].slice(0, 4);
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h(
    "button",
    { type: "button", class: "thread-link", on: { click: () => look({ thread: message.ts }) } },
    people.map((user) => avatar(user, "tiny")),
    h("b", null, count),
    h("span", null, `Last reply ${dayOf(replies.at(-1).ts).toLowerCase()} at ${clock(replies.at(-1).ts)}`),
  );
}

function toolbar(message) {
  const reply = () => look({ thread: message.ts });
  return h(
    "div",
    { class: "toolbar" },
    h(
      "button",
      { type: "button", title: "Reply in thread", on: { click: reply } },
      "💬",
      unseen("Reply in thread"),
    ),
  );
}
