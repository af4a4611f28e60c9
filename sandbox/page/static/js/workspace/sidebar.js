// The conversations at the left, and which of them have something new.

import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { avatar, nameOf } from "../names.js";
import { indexOf, look } from "../store.js";

const seen = new Map(); // person and channel -> ts of the last message that was looked at

export function renderSidebar(state) {
  const nav = document.getElementById("sidebar");
  const channels = state.channels.filter((channel) => !channel.im);
  const direct = state.channels.filter((channel) => channel.im);
  keyed(nav, [
    heading("workspace", h("div", { class: "workspace-name" }, "St Charles Clinic")),
    heading("channels", h("h2", null, "Channels")),
    ...channels.map((channel) => item(state, channel)),
    heading("apps", h("h2", null, "Apps")),
    ...direct.map((channel) => item(state, channel)),
    {
      key: "you",
      mark: [state.me],
      build: () =>
        h(
          "div",
          { class: "you" },
          avatar(state.me),
          h("span", null, h("b", null, nameOf(state.me)), h("small", null, "that is you, now")),
        ),
    },
  ]);
}

function heading(key, node) {
  return { key, mark: [], build: () => node };
}

function item(state, channel) {
  const here = state.look.channel === channel.id;
  const news = unread(state, channel, here);
  return {
    key: channel.id,
    mark: [here, news],
    build: () =>
      h(
        "button",
        {
          type: "button",
          class: news ? "place new" : "place",
          "aria-current": here ? "page" : null,
          on: { click: () => look({ channel: channel.id, thread: "", tab: "messages" }) },
        },
        channel.im
          ? avatar(state.bot_user, "tiny")
          : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
        h("span", null, channel.im ? "Callgate" : channel.name),
        news ? h("span", { class: "count", "aria-label": `${news} new` }, news) : null,
      ),
  };
}

function unread(state, channel, here) {
  const key = `${state.me} ${channel.id}`;
  const messages = indexOf(channel.id).top;
  if (here || !seen.has(key)) seen.set(key, messages.at(-1)?.ts ?? "");
  return messages.filter((message) => message.ts > seen.get(key) && message.user !== state.me).length;
}
