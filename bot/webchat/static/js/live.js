// Live updates: server-sent events, picked up again where they broke off.

import { byId } from "./dom.js";
import { emit, state, t } from "./state.js";

let source = null;
let timer = 0;

/** Listen from the last change that the page knows. */
export function listen() {
  source?.close();
  source = new EventSource(`/api/v1/chat/events?after=${state.seq}`);
  source.onopen = () => lost(false);
  source.onmessage = (event) => {
    state.seq = Math.max(state.seq, Number(event.lastEventId) || 0);
    emit("message", JSON.parse(event.data));
  };
  source.addEventListener("reset", () => emit("reset"));
  source.addEventListener("signed-out", () => {
    source.close();
    show(t("signed_out"));
  });
  source.onerror = () => {
    lost(true);
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(timer);
      timer = setTimeout(listen, 3000);
    }
  };
}

let waiting = 0;

/** A short gap is nobody's business; a longer one is shown until it is over. */
function lost(broken) {
  if (!broken) {
    clearTimeout(waiting);
    waiting = 0;
    byId("banner").hidden = true;
    return;
  }
  if (!waiting) waiting = setTimeout(() => show(t("connection_lost")), 1200);
}

function show(text) {
  const banner = byId("banner");
  banner.textContent = text;
  banner.hidden = false;
}

addEventListener("online", () => listen());
