// What goes wrong, until it is switched back.

import { ask } from "../api.js";
import { h } from "../dom.js";

export function troubleCard(trouble, troubles) {
  return h(
    "div",
    { class: "card" },
    choice("PolyAI", "polyai", trouble, troubles),
    choice("Slack", "slack", trouble, troubles),
    h(
      "button",
      { type: "button", class: "button small", on: { click: () => ask("drop_socket", {}) } },
      "Drop Slack’s socket",
    ),
  );
}

function choice(label, where, trouble, troubles) {
  const options = Object.entries(troubles[where]).map(([kind, words]) => h("option", { value: kind }, words));
  const set = () => ask("set_trouble", { where, kind: select.value });
  const select = h("select", { id: `trouble-${where}`, on: { change: set } }, options);
  select.value = trouble[where];
  return h(
    "div",
    { class: trouble[where] === "none" ? "switch" : "switch on" },
    h("label", { for: select.id }, label),
    select,
  );
}
