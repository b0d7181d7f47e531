// The side panel with one thread.

import { api } from "./api.js";
import { Composer } from "./composer.js";
import { byId, h, iconButton } from "./dom.js";
import { channelOf, state, t } from "./state.js";
import { Timeline } from "./timeline.js";
import { failed } from "./toast.js";

export class Panel {
  constructor(box) {
    this.box = box;
    box.setAttribute("aria-label", t("thread"));
    const list = h("div", { class: "timeline thread", role: "log", "aria-live": "off" });
    this.timeline = new Timeline(list, { inThread: true });
    const write = h("div", { class: "composer" });
    box.replaceChildren(
      h("header", { class: "top" }, h("h1", {}, t("thread")), iconButton("close", t("close"), () => { location.hash = `#/c/${state.current}`; })),
      list, write);
    this.composer = new Composer(write, {
      timeline: this.timeline, placeholder: () => t("message_thread"),
      place: () => ({ channel: state.current, thread: state.thread, direct: channelOf(state.current)?.kind === "direct" }),
    });
    box.onkeydown = (event) => { if (event.key === "Escape" && !event.defaultPrevented) location.hash = `#/c/${state.current}`; };
    this.close();
  }

  async open(root) {
    state.thread = root;
    this.timeline.clear();
    this.box.hidden = false;
    byId("app").classList.add("panel-open");
    try {
      const { messages } = await api.thread(root);
      if (state.thread !== root) return;
      this.timeline.put(messages);
      this.timeline.draw();
      this.timeline.toEnd();
      this.composer.open();
    } catch (error) {
      this.close();
      failed(error);
    }
  }

  close() {
    state.thread = null;
    this.box.hidden = true;
    byId("app").classList.remove("panel-open");
  }

  put(message) {
    if (this.box.hidden || (message.thread ?? message.id) !== state.thread) return;
    this.timeline.put([message]);
    this.timeline.draw();
  }
}
