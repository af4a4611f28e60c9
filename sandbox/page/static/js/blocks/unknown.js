// A block or element this page does not know: shown as such with its JSON, never dropped.

import { h } from "../dom.js";

export function unknown(thing) {
  return h(
    "details",
    { class: "unknown", open: true },
    h("summary", null, `The sandbox does not draw “${thing?.type}” yet`),
    h("pre", null, JSON.stringify(thing, null, 2)),
  );
}
