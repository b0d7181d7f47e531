// Short notices in the corner. An error can bring a second try along.

import { byId, h, iconButton } from "./dom.js";
import { t } from "./state.js";

/** Show a notice; with `retry` it stays until it is answered. */
export function toast(text, { hint, retry, action, bad = false } = {}) {
  const box = h("div", { class: bad ? "toast bad" : "toast" }, h("div", { class: "toast-text" }, text, hint ? h("small", {}, hint) : null));
  const gone = () => box.remove();
  if (retry) box.append(h("button", { type: "button", class: "link", onclick: () => { gone(); retry(); } }, t("retry")));
  if (action) box.append(h("button", { type: "button", class: "link", onclick: () => { gone(); action.go(); } }, action.label));
  box.append(iconButton("close", t("close"), gone));
  byId("toasts").append(box);
  if (!retry) setTimeout(gone, bad ? 9000 : 5000);
  return gone;
}

/** Show an error of a call. */
export function failed(error, retry) {
  toast(error.message, { hint: error.hint, retry: error.status === 0 || error.status >= 500 || error.status === 429 ? retry : undefined, bad: true });
}
