// Dialogs: a question before what cannot be undone, a picture in full size.

import { byId, h, iconButton } from "./dom.js";
import { t } from "./state.js";

/** Ask; the answer is whether to go on. */
export function ask(text, label, danger) {
  const dialog = byId("ask");
  return new Promise((resolve) => {
    const done = (value) => () => { dialog.close(value); };
    dialog.replaceChildren(
      h("form", { method: "dialog", class: "form" },
        h("h2", {}, t("confirm_title")),
        h("p", { class: "intro" }, text),
        h("footer", { class: "acts" },
          h("button", { type: "button", class: "act", onclick: done("") }, t("cancel")),
          h("button", { type: "button", class: danger ? "act danger solid" : "act primary", onclick: done("yes"), autofocus: true }, label))));
    dialog.returnValue = "";
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.showModal();
  });
}

/** Show a picture in full size. */
export function zoom(link) {
  const dialog = byId("zoom");
  const small = link.querySelector("img");
  dialog.replaceChildren(
    h("img", { src: link.href, alt: small?.alt ?? "" }),
    iconButton("close", t("close"), () => dialog.close(), { class: "ghost zoom-close" }));
  dialog.onclick = (event) => { if (event.target === dialog || event.target.tagName === "IMG") dialog.close(); };
  dialog.showModal();
}
