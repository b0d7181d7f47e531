// Forms: the server's HTML in a dialog; errors come back beside their fields and nothing typed is lost.

import { api } from "./api.js";
import { byId, h } from "./dom.js";
import { clientId, emit, state } from "./state.js";
import { toast } from "./toast.js";

/** Open a form in its dialog. `place`: channel and thread that it belongs to. */
export function openForm(html, place) {
  const dialog = byId("form");
  dialog.innerHTML = html; // escaped by the server's templates
  const form = dialog.querySelector("form");
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(dialog, form, place);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.requestSubmit();
  });
  for (const search of form.querySelectorAll("input.narrow")) search.addEventListener("input", () => narrow(search));
  if (!dialog.open) dialog.showModal();
  const first = form.querySelector("[aria-invalid] , .bad input, .bad select, .bad textarea") ?? form.querySelector("input, textarea, select");
  first?.focus();
}

function narrow(search) {
  const wanted = search.value.trim().toLowerCase();
  for (const option of search.closest("fieldset").querySelectorAll(".option")) {
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  }
}

/** The values of the fields: several choices as a comma list, as a person would type them. */
function valuesOf(form) {
  const values = {};
  for (const field of form.querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    const boxes = [...field.querySelectorAll("input[type=checkbox], input[type=radio]")];
    if (boxes.length || field.querySelector("fieldset")) values[name] = boxes.filter((b) => b.checked).map((b) => b.value).join(",");
    else if (field.dataset.kind !== "file") values[name] = field.querySelector("input, textarea, select").value;
  }
  return values;
}

async function submit(dialog, form, place) {
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const files = [];
    for (const input of form.querySelectorAll("input[type=file]")) {
      for (const file of input.files) files.push((await api.upload(file)).id);
    }
    form.dataset.sent ||= clientId();
    const body = { command: form.dataset.command, values: valuesOf(form), files, thread: place.thread, client_id: form.dataset.sent };
    const answer = await api.submit(place.channel, body);
    if (answer.form) {
      openForm(answer.form, place);
      return;
    }
    dialog.close();
    emit("answer", { ...answer, thread: place.thread });
  } catch (error) {
    // The same id is sent again only when it is unknown whether the first one arrived.
    if (error.status !== 0) delete form.dataset.sent;
    let note = form.querySelector(".form-error");
    if (!note) form.querySelector("footer").before(note = h("p", { class: "form-error", role: "alert" }));
    note.textContent = error.message;
    if (!dialog.open) toast(error.message, { bad: true });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

byId("form").addEventListener("close", () => document.querySelector(state.thread ? "#panel textarea" : "#composer textarea")?.focus());
