// Whether the bot runs, and the switch that kills it.

import { ask } from "../api.js";
import { h } from "../dom.js";

const WORDS = { running: "running", starting: "starting…", stopped: "not running" };

export function botCard(bot) {
  const why = bot.state === "stopped" && bot.exit_code !== null ? ` (${ended(bot.exit_code)})` : "";
  return h(
    "div",
    { class: "card bot-card" },
    h(
      "p",
      { role: "status" },
      h("span", { class: `dot ${bot.state}` }),
      `The bot is ${WORDS[bot.state]}${why}`,
    ),
    bot.problem ? h("pre", null, bot.problem) : null,
    bot.state === "stopped"
      ? h(
          "button",
          { type: "button", class: "button primary", on: { click: () => ask("set_bot", { to: "started" }) } },
          "Start the bot",
        )
      : h(
          "button",
          { type: "button", class: "button danger", on: { click: () => ask("set_bot", { to: "killed" }) } },
          "Kill the bot",
        ),
  );
}

function ended(code) {
  return code === -9 ? "killed" : `it ended with ${code}`;
}
