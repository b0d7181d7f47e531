// Emoji on messages.

import { api } from "./api.js";
import { h } from "./dom.js";
import { clientId, emit } from "./state.js";
import { failed } from "./toast.js";

/** Those of a review come first: decision, action item, open question. */
export const QUICK = ["📌", "✅", "❓"];
const MORE = ["📌", "✅", "❓", "👍", "🎉", "👀", "🙏", "❤️", "😄", "🤔", "⚠️", "❌"];

/** Put an emoji on a message or take it off. */
export async function react(message, emoji, added, client_id = clientId()) {
  try {
    emit("answer", await api.react(message.id, { emoji, added, client_id }));
  } catch (error) {
    failed(error, () => react(message, emoji, added, client_id));
  }
}

/** Offer more emoji beside a button. */
export function pickReaction(button, message) {
  document.querySelector(".emoji-box")?.remove();
  const close = () => {
    box.remove();
    removeEventListener("pointerdown", outside, true);
  };
  const outside = (event) => { if (!box.contains(event.target)) close(); };
  const box = h("div", { class: "emoji-box", role: "menu" }, MORE.map((emoji) => {
    const mine = Boolean(message.reactions?.find((r) => r.emoji === emoji)?.mine);
    return h("button", { type: "button", class: "ghost emoji", role: "menuitem", "aria-label": emoji, onclick: () => { close(); react(message, emoji, !mine); } }, emoji);
  }));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 6, ArrowUp: -6 }[event.key];
    if (event.key === "Escape") { close(); button.focus(); }
    if (step) box.children[[...box.children].indexOf(document.activeElement) + step]?.focus();
  });
  document.body.append(box);
  const spot = button.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(spot.left - 120, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${spot.bottom + box.offsetHeight + 8 > innerHeight ? spot.top - box.offsetHeight - 6 : spot.bottom + 6}px`;
  box.firstElementChild.focus();
  addEventListener("pointerdown", outside, true);
}
