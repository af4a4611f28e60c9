// Puts the page together: one stream in, one rendering of every part when something changed.

import { announce } from "./announcer.js";
import { renderPanel, togglePanel } from "./behind/panel.js";
import { onChange } from "./store.js";
import { follow } from "./stream.js";
import { renderPeople } from "./top/people.js";
import { renderConversation } from "./workspace/conversation.js";
import { renderModal } from "./workspace/modal.js";
import { renderSidebar } from "./workspace/sidebar.js";
import { renderThread } from "./workspace/thread.js";

for (const render of [
  renderPeople,
  renderSidebar,
  renderConversation,
  renderThread,
  renderPanel,
  renderModal,
  announce,
]) {
  onChange(render);
}
onChange((state) => document.body.classList.toggle("disconnected", !state.connected));

document.getElementById("behind-switch").addEventListener("click", togglePanel);
follow(sessionStorage.getItem("person") ?? "");
