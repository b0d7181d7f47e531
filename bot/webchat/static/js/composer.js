// Where people type: drafts, files, editing the last message, sending with second tries.

import { api } from "./api.js";
import { Completion } from "./complete.js";
import { h, icon, iconButton } from "./dom.js";
import { messageElement } from "./message.js";
import { clientId, emit, keep, state, t } from "./state.js";
import { failed } from "./toast.js";

export class Composer {
  /** `place()` gives channel, thread and whether it is Duban's own; `timeline` shows what is on its way. */
  constructor(box, { place, timeline, placeholder }) {
    this.box = box;
    this.place = place;
    this.timeline = timeline;
    this.placeholder = placeholder;
    this.files = [];
    this.editing = null;
    this.build();
  }

  build() {
    this.field = h("textarea", { rows: 1, maxLength: 10000, dir: "auto", "aria-label": t("send"), spellcheck: true, enterKeyHint: "send" });
    this.chosen = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.add(this.chosen.files); this.chosen.value = ""; } });
    this.chips = h("div", { class: "chips" });
    this.note = h("div", { class: "editing", hidden: true }, t("editing"));
    const line = h("div", { class: "line" },
      iconButton("clip", t("add_files"), () => this.chosen.click()), this.field,
      h("button", { type: "button", class: "send", "aria-label": t("send"), title: t("send"), onclick: () => this.send() }, icon("send")));
    const stack = h("div", { class: "stack" });
    this.box.replaceChildren(stack, this.note, h("div", { class: "frame" }, this.chips, line, this.chosen));
    this.completion = new Completion(this.field, stack, () => this.place().direct);
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) { event.preventDefault(); this.add(event.clipboardData.files); }
    });
  }

  /** Another conversation: its placeholder and its draft. */
  open() {
    this.stopEditing();
    this.files = [];
    this.drawChips();
    this.field.placeholder = this.placeholder();
    this.field.value = keep.get(this.draftKey());
    this.grow();
    this.completion.close();
    if (matchMedia("(hover: hover)").matches) this.field.focus();
  }

  draftKey() {
    const { channel, thread } = this.place();
    return `draft:${channel}:${thread ?? ""}`;
  }

  changed() {
    this.grow();
    if (!this.editing) keep.set(this.draftKey(), this.field.value);
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 220)}px`;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is choosing characters
    if (this.completion.key(event)) { event.preventDefault(); return; }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) { event.preventDefault(); this.send(); }
    if (event.key === "Escape" && this.editing) this.stopEditing();
    if (event.key === "ArrowUp" && !this.field.value) {
      const mine = this.timeline.ordered().filter((m) => m.mine && m.text !== null && !m.deleted);
      if (mine.length) { event.preventDefault(); this.edit(mine.at(-1)); }
    }
  }

  edit(message) {
    this.editing = message.id;
    this.note.hidden = false;
    this.field.value = message.text;
    this.grow();
    this.field.focus();
  }

  stopEditing() {
    if (!this.editing) return;
    this.editing = null;
    this.note.hidden = true;
    this.field.value = keep.get(this.draftKey());
    this.grow();
  }

  add(list) {
    for (const file of list) {
      const item = { name: file.name || "image.png", id: null, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : null };
      this.files.push(item);
      item.ready = this.upload(item, new File([file], item.name, { type: file.type }));
    }
    this.drawChips();
    this.field.focus();
  }

  async upload(item, file) {
    try {
      item.id = (await api.upload(file)).id;
    } catch (error) {
      this.files = this.files.filter((f) => f !== item);
      failed(error, () => this.add([file]));
    }
    this.drawChips();
  }

  drawChips() {
    this.chips.replaceChildren(...this.files.map((item) => h("span", { class: item.id ? "chip" : "chip busy" },
      item.url ? h("img", { src: item.url, alt: "" }) : null, h("bdi", {}, item.name),
      iconButton("close", `${t("cancel")} ${item.name}`, () => { this.files = this.files.filter((f) => f !== item); this.drawChips(); }))));
  }

  async send() {
    const text = this.field.value.trim();
    if (this.editing) { await this.saveEdit(text); return; }
    if (!text && !this.files.length) return;
    const files = this.files;
    this.files = [];
    this.drawChips();
    this.field.value = "";
    this.changed();
    this.completion.close();
    await Promise.all(files.map((f) => f.ready));
    const ids = files.map((f) => f.id).filter(Boolean);
    if (text || ids.length) await this.say(text, ids);
  }

  /** Send a line as if it had been typed. */
  async say(text, files = []) {
    const { channel, thread } = this.place();
    const body = { text, thread, files, client_id: clientId() };
    const pending = this.pending(text);
    const go = async () => {
      pending.classList.remove("failed");
      try {
        const answer = await api.say(channel, body);
        this.done(pending);
        emit("answer", { ...answer, thread });
      } catch (error) {
        pending.classList.add("failed");
        pending.querySelector(".state").replaceChildren(error.message, " ",
          h("button", { type: "button", class: "link", onclick: go }, t("retry")), " ",
          h("button", { type: "button", class: "link", onclick: () => { this.done(pending); this.field.value = text; this.changed(); this.field.focus(); } }, t("edit")));
      }
    };
    await go();
  }

  pending(text) {
    const message = { id: "", kind: "said", author: state.me.id, at: new Date().toISOString(), html: "", reactions: [], mine: true, text: null };
    const element = messageElement(message, { pending: h("span", { class: "state", role: "status" }, t("sending")) });
    element.querySelector(".content").replaceChildren(h("div", { class: "said" }, text || "📎"));
    this.timeline.pending.push(element);
    this.timeline.stuck = true;
    this.timeline.draw();
    return element;
  }

  done(element) {
    this.timeline.pending = this.timeline.pending.filter((p) => p !== element);
    this.timeline.draw();
  }

  async saveEdit(text) {
    if (!text) return;
    const id = this.editing;
    try {
      const answer = await api.edit(id, text);
      this.stopEditing();
      emit("answer", answer);
    } catch (error) { failed(error); }
  }
}
