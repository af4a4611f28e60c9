// The middle: a channel or the direct message with the app, with its composer; or the app's Home tab.

import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { channelOf, indexOf, look } from "../store.js";
import { dayOf } from "../time.js";
import { composer } from "./composer.js";
import { renderHome } from "./home.js";
import { dayItem, messageItem } from "./message.js";
import { keepingUp } from "./scrolling.js";
import { welcome } from "./welcome.js";

export function renderConversation(state) {
  const channel = channelOf(state.look.channel);
  if (!channel) return;
  const main = document.getElementById("conversation");
  const atHome = channel.im && state.look.tab === "home";
  keyed(main, [
    { key: "head", mark: [channel.id, state.look.tab], build: () => head(channel, state.look.tab) },
    {
      key: atHome ? "home" : "scroll",
      mark: [],
      build: () => (atHome ? h("div", { class: "home" }) : scroller()),
    },
    ...(atHome
      ? []
      : [{ key: "composer", mark: [state.me, channel.id], build: () => composer(channel, "") }]),
  ]);
  if (atHome) renderHome(main.querySelector(".home"), state);
  else renderMessages(main.querySelector(".scroll"), state, channel);
}

function renderMessages(box, state, channel) {
  const list = box.firstChild;
  list.setAttribute("aria-label", `Messages in ${channel.name}`);
  keepingUp(box, `${state.me} ${channel.id}`, () => keyed(list, items(state, channel)));
}

function items(state, channel) {
  const { top, replies } = indexOf(channel.id);
  const found = [{ key: "welcome", mark: [channel.id], build: () => welcome(channel) }];
  let day = "";
  for (const message of top) {
    const itsDay = dayOf(message.ts);
    if (itsDay !== day) found.push(dayItem(itsDay));
    day = itsDay;
    found.push(messageItem(message, replies.get(message.ts) ?? [], true));
  }
  return found;
}

function scroller() {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Messages" },
    h("ol", { class: "messages" }),
  );
}

function head(channel, tab) {
  const name = channel.im ? "Callgate" : `# ${channel.name}`;
  const about = channel.im
    ? "App"
    : `${channel.members} members${channel.has_bot ? "" : " · Callgate was never invited"}`;
  return h(
    "header",
    { class: "conversation-head" },
    h("h1", null, name),
    h("small", null, about),
    channel.im
      ? h("div", { class: "tabs" }, tabButton("Home", "home", tab), tabButton("Messages", "messages", tab))
      : null,
  );
}

function tabButton(label, name, tab) {
  return h(
    "button",
    {
      type: "button",
      "aria-pressed": String(tab === name),
      on: { click: () => look({ tab: name, thread: "" }) },
    },
    label,
  );
}
