// file_input: a file is uploaded when it is chosen, as in Slack, and handed in with the form.

import { upload } from "../api.js";
import { h, replace } from "../dom.js";
import { attributes } from "./attributes.js";

export function fileInput(element, field) {
  const list = h("ul", { class: "files" });
  const accept = element.filetypes?.map((kind) => `.${kind}`).join(",");
  const input = h("input", {
    ...attributes(field),
    type: "file",
    accept,
    multiple: (element.max_files ?? 10) > 1,
    on: { change: add },
  });
  let files = field.value ?? [];

  async function add() {
    const answers = await Promise.all([...input.files].map(upload));
    input.value = "";
    keep([...files, ...answers.filter((answer) => answer.ok)].slice(-(element.max_files ?? 10)));
  }

  function keep(next) {
    files = next;
    field.change(files);
    draw();
  }

  // The browser would go on saying "No file chosen": with the last file that fits, its input goes.
  function draw() {
    input.hidden = files.length >= (element.max_files ?? 10);
    replace(
      list,
      files.map((file) => h("li", null, h("span", null, file.name), remove(file))),
    );
  }

  function remove(file) {
    const press = () => keep(files.filter((each) => each !== file));
    return h("button", { type: "button", "aria-label": `Remove ${file.name}`, on: { click: press } }, "×");
  }

  draw();
  return h("div", { class: "file-input" }, input, list);
}
