// Single-letter shortcuts; they can be switched off, and they never fire while somebody types.
import { refreshSelection } from "./selection.js";

const rows = () => [...document.querySelectorAll("[data-row]")];

function current() {
  return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].at");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("at", row === next));
  next.querySelector(".row-link").focus();
  next.scrollIntoView({ block: "nearest" });
}

function select() {
  const box = current()?.querySelector('input[name="id"]');
  if (!box) return false;
  box.checked = !box.checked;
  refreshSelection();
  return true;
}

function act(key) {
  switch (key) {
    case "/": {
      const field = document.querySelector("[data-search]");
      field?.focus();
      field?.select();
      return Boolean(field);
    }
    case "j": move(1); return true;
    case "k": move(-1); return true;
    case "x": return select();
    case "?": document.getElementById("keys")?.showModal(); return true;
    default: return false;
  }
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) {
      if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
      return;
    }
    if (act(event.key)) event.preventDefault();
  });
}
