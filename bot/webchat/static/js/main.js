// The beginning: who am I, what is there, listen.

import { api } from "./api.js";
import { openFromAddress, setUpTalk } from "./talk.js";
import { debounced } from "./dom.js";
import { listen } from "./live.js";
import { setUpPress } from "./press.js";
import { drawSide } from "./side.js";
import { channelOf, emit, on, state } from "./state.js";
import { failed } from "./toast.js";

/** Load everything for the person that the session names now. */
async function boot() {
  const me = await api.me();
  Object.assign(state, {
    me: me.me, workspace: me.workspace, csrf: me.csrf, demo: me.demo, seq: me.seq, texts: me.texts,
    people: new Map(me.people.map((person) => [person.id, person])),
  });
  document.documentElement.lang = me.me.locale === "zh" ? "zh-CN" : "en";
  await loadChannels();
  setUpTalk();
  await openFromAddress();
  listen();
}

async function loadChannels() {
  state.channels = (await api.channels()).channels;
  drawSide();
}

/** People and conversations may have changed (a product was loaded, somebody was added). */
const refresh = debounced(400, async () => {
  try {
    const me = await api.me();
    state.people = new Map(me.people.map((person) => [person.id, person]));
    await loadChannels();
    if (!channelOf(state.current)) await openFromAddress(); // it was archived
    emit("people");
  } catch { /* the live connection says what is wrong */ }
});

on("refresh", refresh);
on("reset", () => boot().catch(failed));
on("again", () => boot().catch(failed));
addEventListener("hashchange", () => openFromAddress().catch(failed));
addEventListener("focus", () => state.me && refresh());

setUpPress();
boot().catch((error) => failed(error, () => location.reload()));
