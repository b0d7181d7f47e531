// A list of messages with day dividers, grouped by author; used for a conversation and for a thread.

import { dayKey, dayLabel } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { messageElement } from "./message.js";
import { t } from "./state.js";

const GROUP_MS = 5 * 60_000;
const NEAR_END = 120;

/** Whether two messages in a row are one turn: of one person within minutes, or cards of one answer. */
function together(first, second) {
  const cards = (first.kind === "card") + (second.kind === "card");
  const apart = Date.parse(second.at) - Date.parse(first.at);
  return cards !== 1 && first.author === second.author && first.private === second.private
    && !first.replies?.n && apart < (cards ? 1 : GROUP_MS);
}

export class Timeline {
  /** `box` scrolls; `before` builds nodes above the first message; `inThread` for the side panel. */
  constructor(box, { inThread = false, before = () => [], empty = () => [] } = {}) {
    this.box = box;
    this.inThread = inThread;
    this.before = before;
    this.empty = empty;
    this.clear();
    box.addEventListener("keydown", (event) => this.walk(event));
    box.addEventListener("click", (event) => this.tap(event));
    // Pictures that load late must not push the end out of sight.
    box.addEventListener("load", () => { if (this.stuck) this.toEnd(); }, true);
    box.addEventListener("scroll", () => { this.stuck = this.nearEnd(); }, { passive: true });
  }

  clear() {
    this.messages = new Map();
    this.built = new Map();
    this.pending = [];
    this.newFrom = null;
    this.stuck = true;
    this.box.replaceChildren();
  }

  /** Take in messages; those that are known already are replaced if these are newer. */
  put(messages) {
    for (const message of messages) {
      const known = this.messages.get(message.id);
      if (!known || known.seq <= message.seq) this.messages.set(message.id, message);
    }
  }

  ordered() {
    return [...this.messages.values()].sort((a, b) => a.number - b.number);
  }

  /** Draw what changed; stays at the end if it was there. */
  draw() {
    const stuck = this.stuck;
    const nodes = [...this.before()];
    let last = null;
    for (const message of this.ordered()) {
      const newDay = !last || dayKey(last.at) !== dayKey(message.at);
      const newMark = this.newFrom !== null && message.number > this.newFrom && (!last || last.number <= this.newFrom);
      if (newDay && !this.inThread) nodes.push(this.divider(`day:${dayKey(message.at)}`, () => dayLabel(message.at), "day"));
      if (newMark) nodes.push(this.divider("new", () => t("new_messages"), "day new"));
      const element = this.element(message);
      const joined = last && !newDay && !newMark && together(last, message);
      element.classList.toggle("joined", Boolean(joined));
      nodes.push(element);
      last = message;
    }
    nodes.push(...this.pending);
    if (!last && !this.pending.length) nodes.push(...this.empty());
    reconcile(this.box, nodes);
    if (stuck) this.toEnd();
  }

  element(message) {
    const known = this.built.get(message.id);
    if (known?.version === message.seq) return known.element;
    const element = messageElement(message, { inThread: this.inThread });
    this.built.set(message.id, { version: message.seq, element });
    return element;
  }

  divider(key, label, name) {
    const known = this.built.get(key);
    if (known) return known.element;
    const element = h("div", { class: name, role: "separator" }, h("span", {}, label()));
    this.built.set(key, { version: "", element });
    return element;
  }

  nearEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END;
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.stuck = true;
  }

  /** Show one message and let it glow for a moment; false when it is not here. */
  reveal(id) {
    const element = this.built.get(id)?.element;
    if (!element?.isConnected) return false;
    element.scrollIntoView({ block: "nearest", behavior: "smooth" });
    element.classList.remove("glow");
    void element.offsetWidth; // begin the animation anew
    element.classList.add("glow");
    return true;
  }

  /** Arrow keys go from message to message. */
  walk(event) {
    if (!event.target.classList.contains("message")) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const all = [...this.box.querySelectorAll(".message")];
    all[all.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  }

  /** Where nothing hovers, a tap shows a message's tools. */
  tap(event) {
    if (matchMedia("(hover: hover)").matches || event.target.closest("a, button, input")) return;
    const message = event.target.closest(".message");
    for (const open of this.box.querySelectorAll(".message.open")) if (open !== message) open.classList.remove("open");
    message?.classList.toggle("open");
  }
}
