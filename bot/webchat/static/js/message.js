// One message as an element. Its HTML comes from the server, made for this reader.

import { avatar, nameOf } from "./avatar.js";
import { clock, full } from "./dates.js";
import { h, icon, iconButton } from "./dom.js";
import { QUICK, pickReaction, react } from "./react.js";
import { emit, state, t } from "./state.js";

const author = (message) => (message.kind === "card" ? null : state.people.get(message.author));

/** Build the element of a message. `inThread`: it stands in the side panel. */
export function messageElement(message, { inThread = false, pending = null } = {}) {
  const who = author(message);
  const element = h("article", {
    class: classes(message, pending), tabIndex: 0, data: { id: message.id },
    "aria-label": `${nameOf(who)} ${clock(message.at)}`,
  },
  h("div", { class: "gutter" }, avatar(who), h("time", { class: "when-small", dateTime: message.at }, clock(message.at))),
  h("div", { class: "body" },
    h("header", { class: "by" }, h("bdi", { class: "name" }, nameOf(who)),
      who && !inThread ? h("span", { class: "handle" }, `@${who.handle}`) : null,
      h("time", { dateTime: message.at, title: full(message.at) }, clock(message.at))),
    message.private ? h("div", { class: "only-you" }, icon("lock"), t("private")) : null,
    content(message),
    message.edited && !message.deleted ? h("span", { class: "edited" }, `(${t("edited")})`) : null,
    reactions(message),
    inThread || !message.replies?.n ? null : replies(message),
    pending),
  message.deleted || pending || message.moved_to ? null : tools(message, inThread));
  return element;
}

function classes(message, pending) {
  const names = ["message", `is-${message.kind}`];
  if (message.private) names.push("private");
  if (message.deleted) names.push("gone");
  if (pending) names.push("pending");
  return names.join(" ");
}

function content(message) {
  if (message.deleted) return h("div", { class: "said muted" }, t("deleted"));
  if (message.moved_to) {
    const go = () => emit("jump", message.moved_to);
    return h("button", { type: "button", class: "moved link", onclick: go }, t("moved", { title: message.title }));
  }
  const box = h("div", { class: "content" });
  box.innerHTML = message.html; // escaped and isolated by the server's templates
  return box;
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((r) =>
    h("button", {
      type: "button", class: r.mine ? "reaction mine" : "reaction", title: r.people.join("、"), "aria-pressed": String(r.mine),
      "aria-label": `${r.emoji} ${r.people.join("、")}`, onclick: () => react(message, r.emoji, !r.mine),
    }, h("span", {}, r.emoji), h("b", {}, String(r.people.length)))));
}

function replies(message) {
  const { n, last } = message.replies;
  return h("button", { type: "button", class: "replies", onclick: () => emit("open-thread", message.id) },
    icon("reply"), h("b", {}, t("replies", { n })), h("span", {}, clock(last)));
}

function tools(message, inThread) {
  const own = message.mine && message.text !== null;
  return h("div", { class: "tools", role: "toolbar", "aria-label": t("react") },
    message.private ? null : QUICK.map((emoji) => {
      const mine = Boolean(message.reactions?.find((r) => r.emoji === emoji)?.mine);
      return h("button", { type: "button", class: "ghost emoji", "aria-label": emoji, onclick: () => react(message, emoji, !mine) }, emoji);
    }),
    message.private ? null : iconButton("smile", t("react"), (e) => pickReaction(e.currentTarget, message)),
    inThread || message.private ? null : iconButton("reply", t("reply_in_thread"), () => emit("open-thread", message.id)),
    own ? iconButton("pencil", t("edit"), () => emit("edit", message)) : null,
    message.mine ? iconButton("undo", t("delete"), () => emit("erase", message)) : null);
}
