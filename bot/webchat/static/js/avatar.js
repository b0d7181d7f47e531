// A person's mark: the last letters of a Chinese name, the initials of another; one of eight quiet colours.

import { h } from "./dom.js";
import { t } from "./state.js";

function initials(name) {
  const han = name.match(/\p{Script=Han}/gu);
  if (han) return han.slice(-2).join("");
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

function tone(id) {
  let sum = 0;
  for (const ch of id) sum = (sum * 31 + ch.codePointAt(0)) >>> 0;
  return sum % 8;
}

/** The avatar of a person, of Duban (`person` null), or of somebody who is gone (undefined). */
export function avatar(person, extra = "") {
  if (person === null) return h("span", { class: `avatar seal ${extra}`, "aria-hidden": "true" }, "督");
  const name = person?.name ?? "?";
  return h("span", { class: `avatar tone${tone(person?.id ?? "")} ${extra}`, "aria-hidden": "true" }, initials(name));
}

/** The name to show beside it. */
export const nameOf = (person) => (person === null ? t("duban") : person?.name ?? "—");
