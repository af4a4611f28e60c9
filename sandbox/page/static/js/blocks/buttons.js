// Buttons.

import { h } from "../dom.js";
import { isFollowed } from "../text/inline.js";
import { confirmed } from "./confirm.js";

export function button(element, field) {
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      "aria-label": element.accessibility_label,
      "data-action": element.action_id,
      on: { click: () => press(element, field, node) },
    },
    element.text.text,
  );
  return node;
}

// While the app has not acknowledged a click, a second one on the same button waits in vain, as in Slack.
async function press(element, field, node) {
  if (node.getAttribute("aria-busy") || !(await confirmed(element.confirm))) return;
  if (element.url && isFollowed(element.url)) window.open(element.url, "_blank", "noopener");
  node.setAttribute("aria-busy", "true");
  await field.change(null);
  node.removeAttribute("aria-busy");
}
