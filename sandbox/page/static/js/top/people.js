// Who one is: a switch at the top.

import { h } from "../dom.js";
import { keyed } from "../keyed.js";
import { avatar } from "../names.js";
import { follow } from "../stream.js";

export function renderPeople(state) {
  const box = document.getElementById("people");
  keyed(box, [{ key: "switch", mark: [JSON.stringify(state.people)], build: () => people(state) }]);
  for (const radio of box.querySelectorAll("input")) radio.checked = radio.value === state.me;
}

function people(state) {
  return h(
    "div",
    { class: "people", role: "radiogroup", "aria-label": "Who you are" },
    h("span", { class: "you-are", "aria-hidden": "true" }, "You are"),
    state.people.map(choice),
  );
}

function choice(person) {
  const radio = h("input", {
    type: "radio",
    name: "person",
    value: person.id,
    class: "unseen",
    on: { change: () => become(person) },
  });
  return h(
    "label",
    { class: "person" },
    radio,
    avatar(person.id, "small"),
    h("span", null, h("b", null, person.name), h("small", null, person.role)),
  );
}

function become(person) {
  sessionStorage.setItem("person", person.id);
  follow(person.id);
}
