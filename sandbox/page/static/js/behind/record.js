// The bot's record of who did what and when, read anew each time it is looked at.

import { h, replace } from "../dom.js";
import { nameOf } from "../names.js";

const NEWEST = 200;

export function recordSection() {
  const list = h("dl");
  const again = h(
    "button",
    { type: "button", class: "button small", on: { click: () => load(list) } },
    "Look again",
  );
  const node = h(
    "details",
    { class: "coverage record", on: { toggle: () => node.open && load(list) } },
    h("summary", null, h("h2", null, "The record")),
    again,
    list,
  );
  return h("section", { "aria-label": "The record" }, node);
}

async function load(list) {
  const answer = await (await fetch("/record")).json();
  if (answer.error) return replace(list, h("dd", null, answer.error));
  const newest = answer.slice(-NEWEST).reverse();
  replace(list, newest.length ? newest.map(row) : h("dd", null, "Nothing is on record yet."));
}

function row(event) {
  const when = new Date(event.at).toLocaleTimeString();
  const moved = event.status_after && event.status_after !== event.status_before ? ` → ${event.status_after}` : "";
  return [
    h("dt", null, h("code", null, `${event.id} ${event.event}`), ` by ${nameOf(event.actor)}, ${when}`),
    h("dd", null, [event.call_request_id, moved].filter(Boolean).join(""), h("small", null, event.details)),
  ];
}
