// Suggestions while typing: commands, people, stories … with full keyboard control.

import { api } from "./api.js";
import { debounced, h } from "./dom.js";
import { state } from "./state.js";

/** Kinds whose suggestion Enter takes at once; others are taken by Tab or after an arrow key. */
const EAGER = new Set(["command", "subcommand", "person", "bot", "change"]);
let count = 0;

export class Completion {
  /** `field` is the text area, `box` holds the list; `direct()` tells whether every line is a command. */
  constructor(field, box, direct) {
    this.field = field;
    this.direct = direct;
    this.id = `complete-${++count}`;
    this.list = h("ul", { role: "listbox", id: this.id });
    this.hint = h("div", { class: "usage" });
    this.box = h("div", { class: "complete", hidden: true }, this.hint, this.list);
    box.append(this.box);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.id);
    field.setAttribute("aria-expanded", "false");
    this.items = [];
    this.chosen = -1;
    this.moved = false;
    this.ask = debounced(90, () => this.fetch());
    field.addEventListener("input", () => { this.stale = true; this.ask(); });
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  before() {
    return this.field.value.slice(0, this.field.selectionStart);
  }

  wanted(text) {
    const word = text.match(/\S*$/)[0];
    return text && (this.direct() || /^\s*[/／]/.test(text) || /^\s*[@＠]\S/.test(text) || /[@＠#＃]/.test(word));
  }

  async fetch() {
    this.control?.abort();
    const text = this.before();
    if (!this.wanted(text)) { this.close(); return; }
    this.control = new AbortController();
    try {
      const answer = await api.complete(state.current, text, this.control.signal);
      if (this.before() === text && document.activeElement === this.field) this.show(answer);
    } catch { this.close(); }
  }

  show({ at, usage, items }) {
    Object.assign(this, { at, items, chosen: items.length ? 0 : -1, moved: false, stale: false });
    this.hint.textContent = usage;
    this.hint.hidden = !usage;
    this.list.replaceChildren(...items.map((item, number) => h("li", {
      role: "option", id: `${this.id}-${number}`, class: `kind-${item.kind}`,
      onpointerdown: (event) => { event.preventDefault(); this.take(number); },
    }, h("b", {}, item.label), h("span", {}, item.detail))));
    this.box.hidden = !usage && !items.length;
    this.field.setAttribute("aria-expanded", String(!this.box.hidden));
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === this.chosen)));
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
    if (this.chosen >= 0) this.field.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** Handle a key; true when it was for the list. */
  key(event) {
    if (this.box.hidden || !this.items.length) {
      if (event.key === "Escape" && !this.box.hidden) { this.close(); return true; }
      return false;
    }
    if (this.stale) return this.early(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.chosen = (this.chosen + step + this.items.length) % this.items.length;
      this.moved = true;
      this.mark();
      return true;
    }
    if (event.key === "Escape") { this.close(); return true; }
    if (event.key === "Tab" && !event.shiftKey) { this.take(this.chosen); return true; }
    if (event.key === "Enter" && !event.shiftKey && this.enterTakes()) { this.take(this.chosen); return true; }
    return false;
  }

  /** A key that came before the suggestions for the last letters: Tab waits for them, Enter sends. */
  early(event) {
    if (event.key === "Escape") { this.close(); return true; }
    if (event.key !== "Tab" || event.shiftKey) return false;
    this.fetch().then(() => { if (!this.stale && this.items.length) this.take(0); });
    return true;
  }

  enterTakes() {
    if (this.moved) return true;
    const item = this.items[this.chosen];
    const partial = this.before().slice(this.at);
    return EAGER.has(item.kind) && partial.length > 0 && item.insert.trim() !== partial;
  }

  take(number) {
    const caret = this.field.selectionStart;
    const { insert } = this.items[number];
    this.field.setRangeText(insert, this.at, caret, "end");
    this.close();
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    this.control?.abort();
    this.box.hidden = true;
    this.items = [];
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
