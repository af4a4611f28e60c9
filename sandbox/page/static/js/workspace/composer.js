// Where one types: messages, replies, and slash commands with a hint at what they take.

import { act } from "../api.js";
import { h } from "../dom.js";
import { state } from "../store.js";
import { CommandHint } from "./command_hint.js";

const drafts = new Map();

export function composer(channel, thread) {
  const draft = `${state.me} ${channel.id} ${thread}`;
  const placeholder = thread
    ? "Reply…"
    : channel.im
      ? "Message Callgate"
      : `Message #${channel.name}, or type /call`;
  const area = h("textarea", {
    id: thread ? "reply" : "composer",
    rows: 1,
    placeholder,
    "aria-label": placeholder,
  });
  const hint = new CommandHint(area);
  const button = h(
    "button",
    { type: "button", class: "send", "aria-label": "Send", on: { click: () => send() } },
    "➤",
  );
  area.value = drafts.get(draft) ?? "";
  area.addEventListener("input", typed);
  area.addEventListener("keydown", key);
  area.addEventListener("blur", () => hint.hide());

  function typed() {
    drafts.set(draft, area.value);
    grow(area);
    if (!thread) hint.update();
  }

  function key(event) {
    if (hint.key(event)) return typed();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  async function send() {
    const text = area.value.trim();
    if (!text) return;
    area.value = "";
    typed();
    const answer = await act("write", { channel: channel.id, text, thread: thread || null });
    if (!answer.ok && !area.value) giveBack(text);
  }

  // What could not be sent is not lost.
  function giveBack(text) {
    area.value = text;
    typed();
  }

  return h("div", { class: "composer" }, hint.node, area, button);
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
}
