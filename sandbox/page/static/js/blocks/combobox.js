// external_select: the app is asked for options while the person types.

import { h, replace } from "../dom.js";
import { attributes } from "./attributes.js";

const PAUSE_MS = 150;
const DEFAULT_MIN_QUERY = 3;

export function combobox(element, field) {
  return new Combobox(element, field).node;
}

class Combobox {
  constructor(element, field) {
    this.field = field;
    this.least = element.min_query_length ?? DEFAULT_MIN_QUERY;
    this.chosen = field.value;
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.input = h("input", {
      ...attributes(field),
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: element.placeholder?.text,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${field.id}-options`,
      on: { input: () => this.typed(), keydown: (event) => this.key(event), blur: () => this.leave() },
    });
    this.list = h("ul", {
      id: `${field.id}-options`,
      role: "listbox",
      class: "options",
      hidden: true,
      "aria-label": "Suggestions",
    });
    this.input.value = this.chosen?.text.text ?? "";
    this.node = h("div", { class: "combobox" }, this.input, this.list);
  }

  typed() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    if (query === "") this.choose(null);
    if (query.length < this.least) return this.hide();
    this.timer = setTimeout(() => this.ask(query), PAUSE_MS);
  }

  // An answer that comes after a later question is not shown.
  async ask(query) {
    const turn = ++this.asked;
    const options = await this.field.suggest(query);
    if (turn === this.asked && document.activeElement === this.input) this.show(options ?? []);
  }

  show(options) {
    this.options = options;
    this.active = options.length ? 0 : -1;
    const rows = options.map((option, index) =>
      h(
        "li",
        {
          role: "option",
          id: `${this.list.id}-${index}`,
          on: { mousedown: (event) => this.press(event, option) },
        },
        option.text.text,
      ),
    );
    replace(this.list, rows.length ? rows : h("li", { class: "none" }, "Nothing found"));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
    this.list.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.list.hidden = true;
    this.options = [];
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark() {
    [...this.list.children].forEach((row, index) =>
      row.setAttribute("aria-selected", String(index === this.active)),
    );
    if (this.active < 0) return;
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.options.length) {
      this.active = (this.active + step + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.options[this.active]);
    else if (event.key === "Escape" && open) this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The press would take the focus away before the click arrives.
  press(event, option) {
    event.preventDefault();
    this.choose(option);
  }

  choose(option) {
    this.chosen = option;
    this.input.value = option?.text.text ?? "";
    this.hide();
    this.field.change(option);
  }

  // What was typed but not chosen is no choice.
  leave() {
    this.hide();
    this.input.value = this.chosen?.text.text ?? "";
  }
}
