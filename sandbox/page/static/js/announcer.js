// Tells screen readers of new messages in the conversation that is open.

import { h } from "./dom.js";
import { nameOf } from "./names.js";
import { indexOf } from "./store.js";
import { mrkdwn } from "./text/mrkdwn.js";

let heard = "";
let where = "";

export function announce(state) {
  const { channel, thread } = state.look;
  const { top, replies } = indexOf(channel);
  const shown = [...top, ...(replies.get(thread) ?? [])];
  const newest = shown.reduce((latest, message) => (message.ts > latest ? message.ts : latest), "");
  const here = `${state.me} ${channel} ${thread}`;
  const news = where === here ? shown.filter((message) => message.ts > heard) : [];
  [where, heard] = [here, newest];
  if (news.length) document.getElementById("announcer").textContent = news.map(sentence).join(" ");
}

function sentence(message) {
  const words = h("span", null, mrkdwn(message.text)).textContent;
  return `${nameOf(message.user)}${message.only_me ? ", only to you" : ""}: ${words}`;
}
