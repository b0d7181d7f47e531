// The open conversation: its messages, its thread, what arrives and what was answered.

import { api } from "./api.js";
import { nameOf } from "./avatar.js";
import { Composer } from "./composer.js";
import { ask } from "./dialogs.js";
import { byId, debounced, h, icon, iconButton } from "./dom.js";
import { openForm } from "./forms.js";
import { Panel } from "./panel.js";
import { openSide, drawSide } from "./side.js";
import { channelName, channelOf, current, emit, on, state, t } from "./state.js";
import { Timeline } from "./timeline.js";
import { failed, toast } from "./toast.js";

let timeline, composer, panel;
let more = false;
let opened = 0; // counts visits, so that a slow answer of an earlier one is dropped

/** Build the parts; once per person and language. */
export function setUpTalk() {
  const box = h("div", { class: "timeline", id: "timeline", role: "log", "aria-live": "off" });
  byId("timeline").replaceWith(box);
  timeline = new Timeline(box, { before: earlier, empty });
  box.addEventListener("scroll", () => { if (timeline.nearEnd()) seen(); byId("jump").hidden = timeline.nearEnd(); }, { passive: true });
  byId("jump")?.remove();
  box.after(h("button", { type: "button", id: "jump", class: "jump", hidden: true, onclick: () => timeline.toEnd() }, icon("down"), t("jump_new")));
  composer = new Composer(byId("composer"), {
    timeline, place: () => ({ channel: state.current, thread: null, direct: current()?.kind === "direct" }), placeholder,
  });
  panel = new Panel(byId("panel"));
  state.current = null;
}

function placeholder() {
  const channel = current();
  if (channel.kind === "direct") return t("message_direct");
  return t(channel.kind === "pair" ? "message_pair" : "message_channel", { name: channelName(channel) });
}

/** Open what the address names: `#/c/<channel>` and perhaps `/t/<message>`. */
export async function openFromAddress() {
  if (!state.me) return;
  const [, id, root] = location.hash.match(/^#\/c\/(\w+)(?:\/t\/(\w+))?/) ?? [];
  const channel = channelOf(id) ?? channelOf(state.current) ?? state.channels[0];
  if (!channel) return;
  if (channel.id !== state.current) await openChannel(channel);
  if (root !== state.thread) await (root ? panel.open(root) : panel.close());
}

async function openChannel(channel) {
  const visit = ++opened;
  state.current = channel.id;
  panel.close();
  drawTop();
  drawSide();
  timeline.clear();
  byId("jump").hidden = true;
  timeline.newFrom = channel.unread ? channel.read : null;
  composer.open();
  const page = await api.messages(channel.id);
  if (visit !== opened) return;
  more = page.more;
  timeline.put(page.messages);
  timeline.draw();
  timeline.toEnd();
  seen();
}

function drawTop() {
  const channel = current();
  const title = channel.kind === "channel" ? `# ${channelName(channel)}` : channelName(channel);
  byId("top").replaceChildren(
    iconButton("menu", t("menu"), openSide, { class: "ghost only-narrow" }),
    h("h1", {}, h("bdi", {}, title)), h("span", { class: "product", hidden: !channel.product }, channel.product ?? ""));
}

function earlier() {
  if (!more) return [];
  return [h("button", { type: "button", class: "earlier link", onclick: loadEarlier }, t("load_earlier"))];
}

async function loadEarlier() {
  const first = timeline.ordered()[0];
  const box = timeline.box;
  const height = box.scrollHeight - box.scrollTop;
  try {
    const page = await api.messages(state.current, first.number);
    more = page.more;
    timeline.put(page.messages);
    timeline.stuck = false;
    timeline.draw();
    box.scrollTop = box.scrollHeight - height;
  } catch (error) { failed(error, loadEarlier); }
}

function empty() {
  const channel = current();
  if (channel.kind === "pair") return [];
  const owned = channel.kind === "channel" ? channel.product : state.channels.some((c) => c.product);
  const start = (label, line) => h("button", { type: "button", class: "start", onclick: () => composer.say(line) }, h("b", {}, label), h("code", {}, line));
  return [h("section", { class: "empty" }, h("div", { class: "empty-seal", "aria-hidden": "true" }, "督办"),
    h("h2", {}, t("empty_title")), h("p", {}, t(channel.kind === "direct" ? "empty_direct" : "empty_text")),
    h("div", { class: "starts" }, start(t("empty_help"), "/help"), start(t("empty_sample"), "/setup demo load"),
      owned ? start(t("empty_import"), "/plan import") : channel.kind === "channel" ? start(t("empty_product"), "/setup product") : null))];
}

/** What is on the screen is read. */
const seen = debounced(300, async () => {
  const channel = current();
  const last = timeline.ordered().at(-1)?.number ?? 0;
  const upto = Math.max(last, state.seq);
  if (!document.hasFocus() || !channel || (channel.read >= last && !channel.unread)) return;
  channel.read = upto;
  channel.unread = 0;
  drawSide();
  try { await api.read(channel.id, upto); } catch { /* it is marked with the next one */ }
});

/** A message was made or changed, here or by somebody else. */
function arrived(message) {
  const fresh = message.number === message.seq;
  const channel = channelOf(message.channel);
  if (!channel || (message.author && !state.people.has(message.author)) || (fresh && message.kind === "card")) emit("refresh");
  if (message.channel === state.current) show(message);
  const elsewhere = message.channel !== state.current || !document.hasFocus();
  if (fresh && channel && elsewhere && !message.mine) {
    channel.unread += 1;
    emit("unread");
  }
  if (fresh && !message.mine && message.channel === state.current) announce(message);
}

function show(message) {
  if (message.thread) {
    panel.put(message); // its root brings the number of replies by itself
  } else {
    timeline.put([message]);
    if (message.id === state.thread) panel.put(message);
  }
  timeline.draw();
  byId("jump").hidden = timeline.nearEnd();
  if (timeline.nearEnd()) seen();
}

function announce(message) {
  const text = new DOMParser().parseFromString(message.html, "text/html").body.textContent.trim();
  const who = message.kind === "card" ? null : state.people.get(message.author);
  byId("announce").textContent = `${nameOf(who)}: ${text.slice(0, 300)}`;
}

/** What a call of ours brought: messages, perhaps a form. */
function answered({ messages = [], form, thread = null }) {
  for (const message of messages) {
    if (message.channel !== state.current) continue;
    show(message);
    if (message.kind === "card") point(message, thread);
  }
  if (form) openForm(form, { channel: state.current, thread });
}

/** Draw the eye to a card that changed, wherever it stands. */
function point(message, thread) {
  const place = message.thread && message.thread === state.thread ? panel.timeline : timeline;
  if (thread && !message.thread && message.id !== thread) {
    toast(t("saved_elsewhere"), { action: { label: t("see"), go: () => timeline.reveal(message.id) } });
    return;
  }
  if (message.number === message.seq) place.toEnd();
  else if (!place.reveal(message.id)) jump(message.id);
}

async function jump(id) {
  for (let page = 0; page < 20 && !timeline.reveal(id) && !panel.timeline.reveal(id) && more; page += 1) await loadEarlier();
}

async function erase(message) {
  if (!(await ask(t("delete_confirm"), t("delete"), true))) return;
  try { answered(await api.erase(message.id)); } catch (error) { failed(error, () => erase(message)); }
}

on("message", arrived);
on("answer", answered);
on("command", (line) => composer.say(line));
on("jump", jump);
on("erase", erase);
on("edit", (message) => (message.thread ? panel.composer : composer).edit(message));
on("open-thread", (id) => { location.hash = `#/c/${state.current}/t/${id}`; });
on("people", () => { if (state.current && current()) drawTop(); });
addEventListener("focus", () => state.current && timeline.nearEnd() && seen());

for (const name of ["dragover", "dragleave", "drop"]) {
  byId("talk").addEventListener(name, (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    byId("talk").classList.toggle("dropping", name === "dragover");
    byId("talk").dataset.drop = t("drop_here");
    if (name === "drop") composer.add(event.dataTransfer.files);
  });
}
