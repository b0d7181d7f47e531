// The left column: conversations with their unread counts, people, who I am, language.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { byId, h, icon, iconButton } from "./dom.js";
import { channelName, emit, on, state, t } from "./state.js";
import { failed } from "./toast.js";

/** Draw the column anew. */
export function drawSide() {
  const side = byId("side");
  side.setAttribute("aria-label", t("channels"));
  const channels = state.channels.filter((c) => c.kind === "channel");
  const direct = state.channels.filter((c) => c.kind !== "channel");
  const talkedTo = new Set(direct.map((c) => c.person));
  const others = state.me.external ? [] : [...state.people.values()].filter(
    (p) => p.active && !p.external && p.id !== state.me.id && !talkedTo.has(p.id));
  side.replaceChildren(
    h("header", { class: "brand" }, avatar(null, "big"), h("div", { class: "brand-words" }, h("strong", {}, t("duban")), h("span", {}, state.workspace)),
      iconButton("close", t("close"), closeSide, { class: "ghost only-narrow" })),
    h("div", { class: "lists" },
      channels.length || !state.me.external ? group(t("channels"), channels.map(entry), newChannel()) : null,
      group(t("direct"), direct.map(entry)),
      others.length ? group(t("people"), others.map(personEntry)) : null),
    footer());
  const unread = state.channels.reduce((sum, c) => sum + c.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${t("duban")}`;
}

function group(title, entries, extra = null) {
  return h("section", {}, h("h2", {}, title, extra), h("ul", {}, entries.map((e) => h("li", {}, e))));
}

/** A button that opens the form of a new channel, where somebody may make one. */
function newChannel() {
  if (state.me.external) return null;
  return iconButton("plus", t("new_channel"), () => { closeSide(); emit("command", "/setup channel new"); }, { class: "ghost add-channel" });
}

function entry(channel) {
  const open = channel.id === state.current;
  const mark = channel.kind === "channel" ? h("span", { class: "mark" }, icon("hash"))
    : avatar(channel.kind === "direct" ? null : state.people.get(channel.person), "tiny");
  return h("a", {
    href: `#/c/${channel.id}`, class: `entry${open ? " open" : ""}${channel.unread ? " news" : ""}`,
    "aria-current": open ? "page" : null, data: { channel: channel.id }, onclick: closeSide,
  }, mark, h("bdi", { class: "entry-name" }, channelName(channel)),
  channel.unread ? h("span", { class: "count", "aria-label": t("unread", { n: channel.unread }) }, channel.unread > 99 ? "99+" : String(channel.unread)) : null);
}

function personEntry(person) {
  const go = async () => {
    try {
      const { channel } = await api.pair(person.id);
      state.channels = (await api.channels()).channels;
      closeSide();
      location.hash = `#/c/${channel}`;
    } catch (error) { failed(error, go); }
  };
  return h("button", { type: "button", class: "entry", onclick: go }, avatar(person, "tiny"), h("bdi", { class: "entry-name" }, person.name));
}

function footer() {
  const language = h("select", { class: "pick", "aria-label": t("language"), title: t("language"), onchange: (e) => speak(e.target.value) },
    ...[["zh", "中文"], ["en", "English"]].map(([value, name]) => h("option", { value, selected: value === state.me.locale }, name)));
  const who = state.demo
    ? h("select", { class: "pick who", "aria-label": t("switch_person"), title: t("demo"), id: "who", onchange: (e) => become(e.target.value) },
      ...[...state.people.values()].filter((p) => p.active).map((p) =>
        h("option", { value: p.id, selected: p.id === state.me.id }, `${p.name} @${p.handle}`)))
    : h("bdi", { class: "who" }, state.me.name);
  return h("footer", { class: "self" }, avatar(state.me), who, language);
}

async function speak(locale) {
  try { await api.language(locale); emit("again"); } catch (error) { failed(error, () => speak(locale)); }
}

async function become(person) {
  try { await api.switchTo(person); emit("again"); } catch (error) { failed(error, () => become(person)); }
}

export function openSide() {
  byId("app").classList.add("side-open");
  byId("veil").hidden = false;
  byId("side").querySelector("a, button")?.focus();
}

export function closeSide() {
  byId("app").classList.remove("side-open");
  byId("veil").hidden = true;
}

byId("veil").addEventListener("click", closeSide);
on("unread", drawSide);
