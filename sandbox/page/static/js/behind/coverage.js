// What is emulated, from the same matrix that the tests hold the emulator to.

import { h, replace } from "../dom.js";

export function coverageSection() {
  const body = h("div", null, "Loading…");
  const node = h(
    "details",
    { class: "coverage", on: { toggle: () => node.open && load(body) } },
    h("summary", null, h("h2", null, "What is emulated")),
    body,
  );
  return h("section", { "aria-label": "What is emulated" }, node);
}

async function load(body) {
  if (body.dataset.loaded) return;
  body.dataset.loaded = "yes";
  const tables = await (await fetch("/coverage")).json();
  replace(
    body,
    tables.map(({ title, rows }) => [
      h("h3", null, `${title} (${rows.length})`),
      h("dl", null, rows.map(row)),
    ]),
  );
}

function row({ what, how, limits }) {
  return [h("dt", null, h("code", null, what)), h("dd", null, how, limits ? h("small", null, limits) : null)];
}
