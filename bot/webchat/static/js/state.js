// What the page knows. One object, changed by the modules that own each part of it.

export const state = {
  me: null,
  workspace: "",
  csrf: "",
  demo: false,
  seq: 0,
  texts: {},
  people: new Map(),
  channels: [],
  current: null, // id of the open conversation
  thread: null, // id of the root message of the open thread
};

/** A text of the page in the person's language, with {placeholders}. */
export function t(key, params = {}) {
  const single = params.n === 1 ? state.texts[`${key}_one`] : undefined;
  const text = single ?? state.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in params ? String(params[name]) : all));
}

export const channelOf = (id) => state.channels.find((channel) => channel.id === id);
export const current = () => channelOf(state.current);

/** How a conversation is called in the left column. */
export function channelName(channel) {
  if (channel.kind === "direct") return t("duban");
  if (channel.kind === "pair") return state.people.get(channel.person)?.name ?? "?";
  return channel.name;
}

const listeners = new Map();

/** Call `work` whenever `name` happens. */
export function on(name, work) {
  listeners.set(name, [...(listeners.get(name) ?? []), work]);
}

/** Say that something happened. */
export function emit(name, detail) {
  for (const work of listeners.get(name) ?? []) work(detail);
}

/** A new id for something that is sent: sent twice, it has one effect. */
export function clientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep a little text for next time; a browser that keeps nothing is fine. */
export const keep = {
  get(key) {
    try { return localStorage.getItem(`duban:${state.me?.id}:${key}`) ?? ""; } catch { return ""; }
  },
  set(key, value) {
    try {
      const name = `duban:${state.me?.id}:${key}`;
      if (value) localStorage.setItem(name, value); else localStorage.removeItem(name);
    } catch { /* private windows keep nothing */ }
  },
};
