// The one stream of what happens, as the person who looks sees it.

import { apply, changed, state } from "./store.js";

let source = null;

export function follow(person) {
  source?.close();
  source = new EventSource(`/stream?person=${encodeURIComponent(person)}`);
  source.onmessage = (event) => {
    state.connected = true;
    apply(JSON.parse(event.data));
  };
  // The browser connects again by itself, and then the server tells everything anew.
  // Only a person it does not know makes it refuse: then whoever comes first.
  source.onerror = () => {
    state.connected = false;
    changed();
    if (person && source.readyState === EventSource.CLOSED) follow("");
  };
}
