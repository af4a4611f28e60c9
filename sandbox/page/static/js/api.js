// Asks the sandbox to do something. What goes wrong is shown to the person.

import { toast } from "./toast.js";
import { state } from "./store.js";

export async function act(what, order) {
  return ask(what, { ...order, person: state.me });
}

export async function ask(what, order) {
  const answer = await send("/do", "application/json", JSON.stringify({ do: what, ...order }));
  if (answer.problem) toast(`The app did not answer as it should: ${answer.problem}.`);
  return answer;
}

export async function upload(file) {
  const path = `/files/${encodeURIComponent(state.me)}/${encodeURIComponent(file.name)}`;
  return send(path, "application/octet-stream", file);
}

async function send(path, type, body) {
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
    const answer = await response.json();
    if (answer.error) toast(answer.error);
    return answer;
  } catch {
    toast("The sandbox does not answer as it should. Is it still running?");
    return { ok: false };
  }
}
