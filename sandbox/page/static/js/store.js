// Everything the page knows, and who is told when it changes.

export const state = {
  me: "",
  people: [],
  users: {},
  bot_user: "",
  channels: [],
  commands: [],
  troubles: { polyai: {}, slack: {} },
  messages: new Map(), // channel -> Map of ts -> message
  modals: [],
  home: null,
  bot: { state: "starting" },
  trouble: { polyai: "none", slack: "none" },
  posts: new Map(),
  calls: new Map(),
  connected: false,
  // Where this window looks: not the server's business.
  look: { channel: "", thread: "", tab: "messages", behind: true },
};

const indexes = new Map();
const listeners = [];
let scheduled = false;

export function onChange(listener) {
  listeners.push(listener);
}

export function look(where) {
  Object.assign(state.look, where);
  changed();
}

// Renders once for all that changes before the next frame.
export function changed() {
  if (scheduled) return;
  scheduled = true;
  const soon = document.hidden ? setTimeout : requestAnimationFrame;
  soon(() => {
    scheduled = false;
    for (const listener of listeners) listener(state);
  });
}

// A patch with `me` in it is the whole truth for that person; others have only what changed.
export function apply(patch) {
  if ("me" in patch) forget();
  const { messages = [], posts = [], calls = [], ...parts } = patch;
  Object.assign(state, parts);
  for (const message of messages) put(message);
  for (const post of posts) state.posts.set(post.number, post);
  for (const call of calls) state.calls.set(call.call_sid, call);
  if ("me" in patch) lookSomewhere();
  changed();
}

// The messages of a channel: those outside threads in order, and the replies by their parent's ts.
export function indexOf(channel) {
  if (!indexes.has(channel)) indexes.set(channel, buildIndex(channel));
  return indexes.get(channel);
}

export function messageAt(channel, ts) {
  return state.messages.get(channel)?.get(ts);
}

export function channelOf(id) {
  return state.channels.find((channel) => channel.id === id);
}

function forget() {
  state.messages.clear();
  state.posts.clear();
  state.calls.clear();
  indexes.clear();
}

function put(message) {
  const { channel, ts } = message;
  if (!state.messages.has(channel)) state.messages.set(channel, new Map());
  if (message.gone) state.messages.get(channel).delete(ts);
  else state.messages.get(channel).set(ts, message);
  indexes.delete(channel);
}

function buildIndex(channel) {
  const top = [];
  const replies = new Map();
  const sorted = [...(state.messages.get(channel)?.values() ?? [])].sort(byTime);
  for (const message of sorted) {
    if (!message.thread_ts) top.push(message);
    else if (replies.has(message.thread_ts)) replies.get(message.thread_ts).push(message);
    else replies.set(message.thread_ts, [message]);
  }
  return { top, replies };
}

function byTime(one, other) {
  return one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;
}

// Another person may not be in the channel that was open; everybody has their own messages with the app.
function lookSomewhere() {
  if (channelOf(state.look.channel)) return;
  const wasDirect = state.look.channel.startsWith("D");
  const found = state.channels.find((channel) => channel.im === wasDirect) ?? state.channels[0];
  Object.assign(state.look, { channel: found?.id ?? "", thread: "" });
}
