// The elements that can be used: each type and what draws it.
//
// A builder gets the element and a `field`: id, label, value (as Slack keeps it), change(value),
// suggest(query), describedBy, invalid, required.

import { button } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { combobox } from "./combobox.js";
import { picker } from "./dates.js";
import { fileInput } from "./files.js";
import { staticSelect } from "./selects.js";
import { numberInput, textInput } from "./texts.js";
import { unknown } from "./unknown.js";

const CONTROLS = {
  button,
  checkboxes,
  radio_buttons: radioButtons,
  static_select: staticSelect,
  external_select: combobox,
  datepicker: picker("date"),
  timepicker: picker("time"),
  plain_text_input: textInput,
  number_input: numberInput,
  file_input: fileInput,
};

export function control(element, field) {
  return (CONTROLS[element.type] ?? unknown)(element, field);
}

// Several nodes for one field: the label belongs to the group, not to one of them.
export function isGroup(element) {
  return ["checkboxes", "radio_buttons"].includes(element.type);
}
