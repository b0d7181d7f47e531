// Calls of the server. Every failure is an ApiError whose message can be shown as it is.

import { state, t } from "./state.js";

const BASE = "/api/v1/chat";

export class ApiError extends Error {
  constructor(message, status, hint) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

async function call(method, path, body, options = {}) {
  const headers = { "accept-language": state.me?.locale ?? navigator.language };
  if (method !== "GET") headers["x-csrf-token"] = state.csrf;
  if (body !== undefined && !options.raw) headers["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method, headers, body: options.raw ? body : body && JSON.stringify(body), signal: options.signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(t("network"), 0);
  }
  const data = await answer.json().catch(() => null);
  if (answer.ok && data) return data;
  const error = data?.error;
  throw new ApiError(error?.message ?? t("network"), answer.status, error?.hint);
}

const seg = encodeURIComponent;

export const api = {
  me: () => call("GET", "/me"),
  switchTo: (person) => call("POST", "/me/switch", { person }),
  language: (locale) => call("PATCH", "/me", { locale }),
  channels: () => call("GET", "/channels"),
  messages: (channel, before) =>
    call("GET", `/channels/${seg(channel)}/messages${before ? `?before=${before}` : ""}`),
  thread: (root) => call("GET", `/messages/${seg(root)}/thread`),
  say: (channel, body) => call("POST", `/channels/${seg(channel)}/messages`, body),
  press: (channel, body) => call("POST", `/channels/${seg(channel)}/commands`, body),
  submit: (channel, body) => call("POST", `/channels/${seg(channel)}/forms`, body),
  read: (channel, number) => call("POST", `/channels/${seg(channel)}/read`, { number }),
  react: (message, body) => call("POST", `/messages/${seg(message)}/reactions`, body),
  edit: (message, text) => call("PATCH", `/messages/${seg(message)}`, { text }),
  erase: (message) => call("DELETE", `/messages/${seg(message)}`),
  pair: (person) => call("POST", "/direct", { person }),
  upload: (file) => call("POST", `/files?name=${seg(file.name)}`, file, { raw: true }),
  complete: (channel, text, signal) =>
    call("GET", `/complete?channel=${seg(channel)}&text=${seg(text)}`, undefined, { signal }),
};
