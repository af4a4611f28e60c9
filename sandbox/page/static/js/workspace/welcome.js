// The beginning of a conversation: what there is to try.

import { h } from "../dom.js";
import { state } from "../store.js";

export function welcome(channel) {
  if (channel.im)
    return note("This is the direct message with Callgate.", "What concerns you alone is told here.");
  if (!channel.has_bot)
    return note(
      `This is #${channel.name}.`,
      "Callgate was never invited here. Type /call and see what it says.",
    );
  return h(
    "li",
    { class: "welcome" },
    h("h2", null, `Welcome to #${channel.name}`),
    h(
      "p",
      null,
      "Nothing here is real: no Slack, no PolyAI, no phone rings. The bot between them is the real one.",
    ),
    h(
      "ol",
      null,
      h(
        "li",
        null,
        "As ",
        h("b", null, "Alice"),
        ", type ",
        h("code", null, state.example),
        " below and fill in the form.",
      ),
      h(
        "li",
        null,
        "Become ",
        h("b", null, "Bob"),
        " at the top, and press ",
        h("b", null, "Approve"),
        " on the card.",
      ),
      h("li", null, "Open the card's thread and watch the call. At the right you decide how it goes."),
    ),
  );
}

function note(title, words) {
  return h("li", { class: "welcome" }, h("h2", null, title), h("p", null, words));
}
