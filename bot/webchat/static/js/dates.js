// Days and times in the person's own zone and language.

import { state, t } from "./state.js";

const locale = () => (state.me.locale === "zh" ? "zh-CN" : "en-GB");
const cache = new Map();

function format(options) {
  const key = `${locale()}|${state.me.zone}|${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale(), { timeZone: state.me.zone, ...options }));
  return cache.get(key);
}

export const clock = (iso) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));

/** The calendar day of an instant, as a key that sorts. */
export const dayKey = (instant) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: state.me.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(instant));

/** The day as people say it. */
export function dayLabel(iso) {
  const key = dayKey(iso);
  if (key === dayKey(Date.now())) return t("new_day_today");
  if (key === dayKey(Date.now() - 86_400_000)) return t("new_day_yesterday");
  return format({ year: "numeric", month: "long", day: "numeric", weekday: "long" }).format(new Date(iso));
}

export const full = (iso) =>
  format({ year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));
