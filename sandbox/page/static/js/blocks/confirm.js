// The dialog that asks "are you sure" before an element with `confirm` is used.

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";

export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => open(confirm, resolve));
}

function open(confirm, resolve) {
  const deny = answer("button", confirm.deny, "no");
  const agree = answer(`button ${confirm.style === "danger" ? "danger" : "primary"}`, confirm.confirm, "yes");
  const dialog = h(
    "dialog",
    { class: "confirm", "aria-label": confirm.title.text },
    h("h2", null, textObject(confirm.title)),
    h("p", null, textObject(confirm.text)),
    h("div", { class: "buttons" }, deny, agree),
  );
  function answer(style, label, value) {
    return h(
      "button",
      { type: "button", class: style, on: { click: () => dialog.close(value) } },
      label.text,
    );
  }
  dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  });
  document.body.append(dialog);
  dialog.showModal();
}
