// Selects whose options are all there already.

import { h } from "../dom.js";
import { state } from "../store.js";
import { attributes } from "./attributes.js";

export function staticSelect(element, field) {
  return select(element, field, groups(element), (option) => option.value);
}

export function multiStaticSelect(element, field) {
  return selectMany(element, field, groups(element), (option) => option.value);
}

export function usersSelect(element, field) {
  return fromList(
    element,
    field,
    state.people.map((person) => choice(person.id, person.name)),
  );
}

export function channelsSelect(element, field) {
  const channels = state.channels.filter((channel) => !channel.im);
  return fromList(
    element,
    field,
    channels.map((channel) => choice(channel.id, `#${channel.name}`)),
  );
}

// For these Slack keeps ids instead of options.
function fromList(element, field, options) {
  const many = element.type.startsWith("multi_");
  const ids = field.value ? [field.value].flat() : [];
  const held = ids.map((id) => options.find((option) => option.value === id)).filter(Boolean);
  const change = (value) => field.change(many ? value.map((each) => each.value) : (value?.value ?? null));
  const inner = { ...field, value: many ? held : (held[0] ?? null), change };
  return (many ? selectMany : select)(element, inner, [{ options }]);
}

function select(element, field, found) {
  const empty = h("option", { value: "" }, element.placeholder?.text ?? "Choose an option");
  const node = h(
    "select",
    { ...attributes(field), on: { change: () => field.change(pick(found, node.value)) } },
    empty,
    found.map(group),
  );
  node.value = field.value?.value ?? "";
  return node;
}

function selectMany(element, field, found) {
  const read = () => [...node.selectedOptions].map((option) => pick(found, option.value));
  const node = h(
    "select",
    { ...attributes(field), multiple: true, on: { change: () => field.change(read()) } },
    found.map(group),
  );
  const held = (field.value ?? []).map((option) => option.value);
  for (const option of node.options) option.selected = held.includes(option.value);
  return node;
}

function groups(element) {
  return element.option_groups ?? [{ options: element.options }];
}

function group({ label, options }) {
  const nodes = options.map((option) => h("option", { value: option.value }, words(option)));
  return label ? h("optgroup", { label: label.text }, nodes) : nodes;
}

// Slack writes the description below the text; a browser's own list has one line for both.
function words({ text, description }) {
  return description ? `${text.text}: ${description.text}` : text.text;
}

function pick(found, value) {
  return found.flatMap((each) => each.options).find((option) => option.value === value) ?? null;
}

function choice(value, label) {
  return { value, text: { type: "plain_text", text: label } };
}
