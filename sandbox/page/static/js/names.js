// People and channels by name, and their pictures: initials on a colour that stays theirs.

import { h } from "./dom.js";
import { state } from "./store.js";

const COLOURS = ["#b45309", "#1d4ed8", "#7c3aed", "#0e7490", "#be185d", "#4d7c0f", "#9333ea", "#c2410c"];

export function nameOf(user) {
  return state.users[user]?.name ?? user;
}

export function roleOf(user) {
  return state.people.find((person) => person.id === user)?.role ?? "";
}

export function channelName(id) {
  return state.channels.find((channel) => channel.id === id)?.name ?? id;
}

export function isApp(user) {
  return state.users[user]?.bot ?? false;
}

export function avatar(user, size = "") {
  if (user === state.bot_user) {
    return h("img", { class: `avatar ${size}`, src: "/static/icon.svg", alt: "" });
  }
  const tint = COLOURS[Object.keys(state.users).indexOf(user) % COLOURS.length] ?? "#555";
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" }, nameOf(user).slice(0, 1));
  node.style.background = tint;
  return node;
}
