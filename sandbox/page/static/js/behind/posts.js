// Each request that reached PolyAI, as it came and as it was answered.

import { h } from "../dom.js";
import { clockWithSeconds } from "../time.js";

export function postItems(posts) {
  if (!posts.length)
    return [
      { key: "none", mark: [], build: () => h("p", { class: "none" }, "Nothing was sent to PolyAI yet.") },
    ];
  return posts.map((post) => ({ key: post.number, mark: [post], build: () => card(post) }));
}

function card(post) {
  const answered = post.answer_status ?? "no answer";
  return h(
    "details",
    { class: "card post" },
    h(
      "summary",
      null,
      h("b", null, `POST ${post.number + 1}`),
      ` ${clockWithSeconds(post.at)} `,
      h("span", { class: `pill ${answered === 200 ? "success" : "failure"}` }, answered),
      post.call_sid ? "" : h("span", { class: "fine" }, " no phone rang"),
    ),
    part(
      "Headers (its token is not kept)",
      Object.entries(post.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
    ),
    part("Body", pretty(post.body)),
    part(
      "Answer",
      post.answer_status === null ? "none" : `${post.answer_status}\n${pretty(post.answer_body)}`,
    ),
    post.fault ? h("p", { class: "fine" }, `On purpose: ${post.fault}`) : null,
  );
}

function part(title, text) {
  return [h("h3", null, title), h("pre", { tabindex: 0 }, text)];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
