// The app's Home tab.

import { act } from "../api.js";
import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { blockItems } from "./view.js";

export function renderHome(box, state) {
  if (box.dataset.openedBy !== state.me) act("open_home", {});
  box.dataset.openedBy = state.me;
  keyed(box, state.home ? blockItems(state.home) : [nothing()]);
}

function nothing() {
  const words = "Callgate has published no Home tab for you yet.";
  return { key: "nothing", mark: [], build: () => h("p", { class: "nothing" }, words) };
}
