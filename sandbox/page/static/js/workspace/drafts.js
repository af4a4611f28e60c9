// What was typed into modals and not sent yet. It survives a look through somebody else's eyes.

import { wire } from "../wire.js";

const drafts = new Map(); // view id -> Map of block id -> value

export function draftOf(view) {
  if (!drafts.has(view.id)) drafts.set(view.id, new Map());
  return drafts.get(view.id);
}

export function valueIn(view, block) {
  const draft = draftOf(view);
  return draft.has(block.block_id) ? draft.get(block.block_id) : (view.values[block.block_id] ?? null);
}

// Only of inputs that are still there: the app may have replaced some.
export function typedIn(view) {
  const there = new Set(view.blocks.map((block) => block.block_id));
  const typed = [...draftOf(view)].filter(([block]) => there.has(block));
  return Object.fromEntries(typed.map(([block, value]) => [block, wire(value)]));
}
