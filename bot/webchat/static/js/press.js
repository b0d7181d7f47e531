// Buttons of cards: a press sends the button's command, as if the person had typed it.

import { api } from "./api.js";
import { ask, zoom } from "./dialogs.js";
import { clientId, emit, state } from "./state.js";
import { failed } from "./toast.js";

/** Listen for presses anywhere on the page. */
export function setUpPress() {
  document.addEventListener("click", (event) => {
    const picture = event.target.closest("a[data-zoom]");
    if (picture && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      zoom(picture);
    }
    const button = event.target.closest(".card [data-command]");
    if (button) press(button);
  });
}

async function press(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  const message = button.closest(".message")?.dataset.id;
  if (!message) return;
  if (button.dataset.confirm && !(await ask(button.dataset.confirm, button.textContent, button.classList.contains("danger")))) return;
  const thread = button.closest("#panel") ? state.thread : null;
  const body = { command: button.dataset.command, message, thread, client_id: clientId() };
  const channel = state.current;
  const go = async () => {
    button.setAttribute("aria-busy", "true");
    try {
      emit("answer", { ...(await api.press(channel, body)), thread });
    } catch (error) {
      failed(error, go);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  await go();
}
