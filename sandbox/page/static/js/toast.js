// Short notices about what could not be done.

import { h } from "./dom.js";

const SECONDS = 8;

export function toast(sentence) {
  const box = document.getElementById("toasts");
  const close = h(
    "button",
    { type: "button", "aria-label": "Dismiss", on: { click: () => note.remove() } },
    "×",
  );
  const note = h("div", { class: "toast" }, h("span", null, sentence), close);
  box.append(note);
  setTimeout(() => note.remove(), SECONDS * 1000);
}
