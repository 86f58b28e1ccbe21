// Starts what makes the pages live. Everything works without it; nothing here decides anything.
import { words } from "./words.js";
import { startLive } from "./live.js";
import { startPalette } from "./palette.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startSelection } from "./selection.js";
import { startTimes } from "./times.js";
import { startUpload } from "./upload.js";

document.documentElement.classList.add("js");

function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // no permission: the id can still be selected by hand
    }
    if ("done" in button.dataset) return; // it says so already
    button.dataset.done = "";
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", words.copied);
    setTimeout(() => {
      delete button.dataset.done;
      button.setAttribute("aria-label", label);
    }, 1500);
  });
}

// A page that shows a secret once answers a form: to load it anew must not send the form again.
function forgetForm() {
  const once = document.querySelector("[data-once]");
  if (once) history.replaceState({}, "", once.dataset.once);
}

function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target.matches?.("dialog")) event.target.close();
  });
}

forgetForm();
startTimes();
startCopying();
startMenus();
startDialogs();
startForms();
startSelection();
startKeys();
startPalette();
startUpload();
startLive();
