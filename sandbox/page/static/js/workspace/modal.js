// The modal on top, over the workspace. The panel behind the scenes stays in reach.

import { act } from "../api.js";
import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { typedIn } from "./drafts.js";
import { blockItems } from "./view.js";

const FIELDS = "input, select, textarea";
let cameFrom = null;
let shownView = "";
let shownErrors = "";

export function renderModal(state) {
  const layer = document.getElementById("modal");
  const view = state.modals.at(-1);
  setInert(Boolean(view));
  if (!view) return close(layer);
  if (shownView === "") cameFrom = document.activeElement;
  layer.hidden = false;
  keyed(layer, [
    { key: view.id, mark: [view.title, view.submit, view.close], build: () => frame(view.id, view) },
  ]);
  fillIn(layer, view, state.modals.length);
}

function fillIn(layer, view, depth) {
  const trouble = layer.querySelector(".trouble");
  trouble.textContent = view.trouble;
  trouble.hidden = !view.trouble;
  layer.querySelector(".modal").classList.toggle("stacked", depth > 1);
  layer.querySelector("form").onsubmit = (event) => submit(event, view);
  keyed(layer.querySelector(".modal-blocks"), blockItems(view));
  moveFocus(layer, view);
}

// To the first field of a modal that has just opened, and to the first field that is wrong.
function moveFocus(layer, view) {
  const errors = JSON.stringify(view.errors);
  const wrong = errors !== shownErrors && layer.querySelector(`.wrong :is(${FIELDS})`);
  const first =
    view.id !== shownView &&
    (layer.querySelector(`.modal-blocks :is(${FIELDS})`) ?? layer.querySelector(".modal"));
  (wrong || first || null)?.focus();
  if (errors !== shownErrors) layer.querySelector(".wrong")?.scrollIntoView({ block: "nearest" });
  shownView = view.id;
  shownErrors = errors;
}

function frame(id, view) {
  const dismiss = (whole) => act("close", { view: id, whole_stack: whole });
  const title = h("h2", { id: "modal-title" }, view.title);
  const corner = h(
    "button",
    { type: "button", class: "corner", "aria-label": "Close", on: { click: () => dismiss(true) } },
    "×",
  );
  const buttons = h(
    "footer",
    null,
    h(
      "button",
      { type: "button", class: "button", on: { click: () => dismiss(false) } },
      view.close || "Cancel",
    ),
    view.submit ? h("button", { type: "submit", class: "button primary" }, view.submit) : null,
  );
  const form = h(
    "form",
    { novalidate: true },
    h("header", null, h("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }), title, corner),
    h("p", { class: "trouble", role: "alert", hidden: true }),
    h("div", { class: "modal-blocks" }),
    buttons,
  );
  const escape = (event) => event.key === "Escape" && dismiss(false);
  return h(
    "div",
    { class: "modal", role: "dialog", "aria-labelledby": title.id, tabindex: -1, on: { keydown: escape } },
    form,
  );
}

async function submit(event, view) {
  event.preventDefault();
  const button = event.target.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  shownErrors = "";
  await act("submit", { view: view.id, values: typedIn(view) });
  button.removeAttribute("aria-busy");
}

function close(layer) {
  if (shownView === "") return;
  shownView = shownErrors = "";
  layer.hidden = true;
  keyed(layer, []);
  (cameFrom?.isConnected ? cameFrom : document.getElementById("composer"))?.focus();
}

function setInert(inert) {
  for (const id of ["sidebar", "conversation", "thread"]) document.getElementById(id).inert = inert;
}
