// The calls that were placed, and the buttons that decide how each goes on.

import { ask } from "../api.js";
import { h } from "../dom.js";
import { clockWithSeconds } from "../time.js";

const REASONS = ["No answer", "Busy", "Number not in service", "Rejected by carrier"];
const LOST =
  "PolyAI answers 404 for this call from now on. That may pass, so the bot goes on asking and says nothing; " +
  "two hours after the call was placed, card and thread say that its outcome is not known.";

export function callItems(calls) {
  if (!calls.length)
    return [{ key: "none", mark: [], build: () => h("p", { class: "none" }, "No call was placed yet.") }];
  return calls.map((call) => ({
    key: call.call_sid,
    mark: [call.status, call.reason, call.lost],
    build: () => card(call),
  }));
}

function card(call) {
  const over = ["success", "failure"].includes(call.status);
  const status = call.lost ? "lost" : call.status;
  return h(
    "div",
    { class: "card call", "data-call": call.call_sid },
    h("p", null, h("b", null, call.to_number), h("span", { class: `pill ${status}` }, status)),
    h("p", { class: "fine" }, h("code", null, call.call_sid)),
    call.reason ? h("p", { class: "fine" }, `Reason: ${call.reason}`) : null,
    h(
      "p",
      { class: "fine" },
      `Placed at ${clockWithSeconds(call.placed_at)}`,
    ),
    call.lost ? h("p", { class: "fine" }, LOST) : null,
    call.lost || over ? null : buttons(call),
  );
}

function buttons(call) {
  const reason = h("input", {
    type: "text",
    value: REASONS[0],
    list: "reasons",
    "aria-label": "Reason of the failure",
    maxlength: 500,
  });
  const order = { call_sid: call.call_sid };
  const button = (label, to, more = () => ({})) =>
    h(
      "button",
      {
        type: "button",
        class: "button small",
        on: { click: () => ask("set_call", { ...order, to, ...more() }) },
      },
      label,
    );
  return h(
    "div",
    { class: "decide" },
    h(
      "div",
      { class: "row" },
      call.status === "queued" ? button("Ring", "ring") : null,
      button("Succeed", "succeed"),
      button("Lose", "lose"),
    ),
    h(
      "div",
      { class: "row" },
      button("Fail", "fail", () => ({ reason: reason.value })),
      reason,
      h(
        "datalist",
        { id: "reasons" },
        REASONS.map((value) => h("option", { value })),
      ),
    ),
  );
}
