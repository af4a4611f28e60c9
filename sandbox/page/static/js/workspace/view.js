// The blocks of a modal or a Home tab, and what using them does.

import { act } from "../api.js";
import { renderBlock } from "../blocks/blocks.js";
import { wire } from "../wire.js";
import { draftOf, typedIn, valueIn } from "./drafts.js";

// Items for `keyed`: a block that did not change keeps its node, and with it focus and typed text.
export function blockItems(view) {
  return view.blocks.map((block) => ({
    key: `${view.id} ${block.block_id}`,
    mark: [JSON.stringify(block), view.errors[block.block_id] ?? ""],
    build: () => renderBlock(block, inView(view)),
  }));
}

function inView(view) {
  return {
    id: `v-${view.id}`,
    use: (element, value) =>
      act("click_in_view", {
        view: view.id,
        action_id: element.action_id,
        value: wire(value),
        values: typedIn(view),
      }),
    valueOf: (block) => valueIn(view, block),
    errorOf: (block) => view.errors[block.block_id] ?? "",
    type: (block, value) => type(view, block, value),
    suggest: async (block, query) =>
      (await act("suggest", { view: view.id, block_id: block.block_id, query })).options,
  };
}

function type(view, block, value) {
  draftOf(view).set(block.block_id, value);
  // The app's suggestions are forgotten at the next question: what was chosen of them is told at once.
  if (block.element.type === "external_select")
    act("fill", { view: view.id, values: { [block.block_id]: wire(value) } });
  if (block.dispatch_action) inView(view).use(block.element, value);
}
