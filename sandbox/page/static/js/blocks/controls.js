// The elements that can be used: each type and what draws it.
//
// A builder gets the element and a `field`: id, label, value (as Slack keeps it), change(value),
// suggest(query), describedBy, invalid, required.

import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { combobox } from "./combobox.js";
import { datePicker, dateTimePicker, timePicker } from "./dates.js";
import { fileInput } from "./files.js";
import { channelsSelect, multiStaticSelect, staticSelect, usersSelect } from "./selects.js";
import { manyLines, numberInput, oneLine } from "./texts.js";
import { unknown } from "./unknown.js";

const CONTROLS = {
  button,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  static_select: staticSelect,
  multi_static_select: multiStaticSelect,
  external_select: combobox,
  users_select: usersSelect,
  multi_users_select: usersSelect,
  channels_select: channelsSelect,
  multi_channels_select: channelsSelect,
  conversations_select: channelsSelect,
  multi_conversations_select: channelsSelect,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  plain_text_input: (element, field) => (element.multiline ? manyLines : oneLine("text"))(element, field),
  rich_text_input: manyLines,
  email_text_input: oneLine("email"),
  url_text_input: oneLine("url"),
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
