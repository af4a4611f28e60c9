// Behind the scenes: the bot, trouble, PolyAI's side, the record, and what is emulated.

import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { look, state } from "../store.js";
import { botCard } from "./bot.js";
import { callItems } from "./calls.js";
import { coverageSection } from "./coverage.js";
import { postItems } from "./posts.js";
import { recordSection } from "./record.js";
import { troubleCard } from "./trouble.js";

export function renderPanel({ look: { behind }, bot, trouble, troubles, calls, posts }) {
  const panel = document.getElementById("behind");
  panel.hidden = !behind;
  document.getElementById("behind-switch").setAttribute("aria-expanded", String(behind));
  keyed(panel, [
    {
      key: "title",
      mark: [],
      build: () => h("header", { class: "conversation-head" }, h("h1", null, "Behind the scenes")),
    },
    { key: "scroll", mark: [], build: frame },
  ]);
  keyed(panel.querySelector(".bot"), [{ key: "bot", mark: [bot], build: () => botCard(bot) }]);
  keyed(panel.querySelector(".trouble-switches"), [
    { key: "trouble", mark: [trouble, troubles], build: () => troubleCard(trouble, troubles) },
  ]);
  keyed(panel.querySelector(".calls"), callItems([...calls.values()].reverse()));
  keyed(panel.querySelector(".posts"), postItems([...posts.values()].reverse()));
}

export function togglePanel() {
  look({ behind: !state.look.behind });
}

function frame() {
  return h(
    "div",
    { class: "panel" },
    section("The bot", h("div", { class: "bot" })),
    section("Trouble", h("div", { class: "trouble-switches" })),
    section("Calls at PolyAI", h("div", { class: "calls" })),
    section("What reached PolyAI", h("div", { class: "posts" })),
    recordSection(),
    coverageSection(),
  );
}

function section(title, body) {
  return h("section", { "aria-label": title }, h("h2", null, title), body);
}
