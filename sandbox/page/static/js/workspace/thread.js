// A thread at the right of its channel.

import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { channelOf, indexOf, look, messageAt } from "../store.js";
import { composer } from "./composer.js";
import { messageItem } from "./message.js";
import { keepingUp } from "./scrolling.js";

export function renderThread(state) {
  const aside = document.getElementById("thread");
  const { channel: id, thread } = state.look;
  const parent = thread ? messageAt(id, thread) : null;
  aside.hidden = !parent;
  if (!parent) return keyed(aside, []);
  const channel = channelOf(id);
  keyed(aside, [
    { key: "head", mark: [id], build: () => head(channel) },
    {
      key: "scroll",
      mark: [],
      build: () =>
        h(
          "div",
          { class: "scroll", tabindex: 0, role: "region", "aria-label": "Thread" },
          h("ol", { class: "messages" }),
        ),
    },
    { key: "composer", mark: [state.me, thread], build: () => composer(channel, thread) },
  ]);
  renderReplies(aside.querySelector(".scroll"), parent, `${state.me} ${thread}`);
}

function renderReplies(box, parent, key) {
  const replies = indexOf(parent.channel).replies.get(parent.ts) ?? [];
  const count = {
    key: "count",
    mark: [replies.length],
    build: () =>
      h(
        "li",
        { class: "day" },
        h("span", null, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
      ),
  };
  const items = [parent, ...replies].map((message) => messageItem(message, [], false));
  keepingUp(box, key, () => keyed(box.firstChild, replies.length ? items.toSpliced(1, 0, count) : items));
}

function head(channel) {
  const close = () => look({ thread: "" });
  return h(
    "header",
    { class: "conversation-head" },
    h("h1", null, "Thread"),
    h("small", null, channel.im ? "Callgate" : `# ${channel.name}`),
    h("button", { type: "button", class: "corner", "aria-label": "Close thread", on: { click: close } }, "×"),
  );
}
