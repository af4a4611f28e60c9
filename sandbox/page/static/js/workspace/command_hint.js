// The list of slash commands above the composer.

import { h, replace } from "../dom.js";
import { state } from "../store.js";

export class CommandHint {
  constructor(area) {
    this.area = area;
    this.found = [];
    this.node = h("ul", {
      class: "command-hint",
      id: `${area.id}-commands`,
      role: "listbox",
      "aria-label": "Slash commands",
      hidden: true,
    });
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.node.id);
  }

  update() {
    const typed = this.area.value;
    const name = typed.split(/\s/)[0];
    this.found = typed.startsWith("/") ? state.commands.filter((each) => each.name.startsWith(name)) : [];
    this.complete = this.found.some((each) => typed.startsWith(`${each.name} `));
    replace(
      this.node,
      this.found.map((each, index) => this.row(each, index)),
    );
    this.node.hidden = !this.found.length;
    if (this.found.length) this.area.setAttribute("aria-activedescendant", `${this.node.id}-0`);
    else this.area.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.node.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  // Tab completes the name, Escape hides the list. Returns whether the text changed.
  key(event) {
    if (this.node.hidden || this.complete) return false;
    if (event.key === "Escape") this.hide();
    if (event.key !== "Tab" || event.shiftKey) return false;
    event.preventDefault();
    this.take(this.found[0]);
    return true;
  }

  take(command) {
    this.area.value = `${command.name} `;
  }

  row(command, index) {
    const press = (event) => {
      event.preventDefault();
      this.take(command);
      this.update();
    };
    return h(
      "li",
      {
        role: "option",
        id: `${this.node.id}-${index}`,
        "aria-selected": String(index === 0),
        on: { mousedown: press },
      },
      h("img", { src: "/static/icon.svg", alt: "", width: 20, height: 20 }),
      h(
        "span",
        null,
        h("b", null, command.name),
        " ",
        h("span", { class: "usage" }, command.usage),
        h("small", null, command.description),
      ),
      h("small", { class: "app" }, command.app),
    );
  }
}
