// Opens and closes menus. What a row's menu holds is asked for when it is opened: a list has fifty of them, and most stay shut.
import { morph } from "./morph.js";
import { fetchPart } from "./parts.js";

const FIELD = "textarea, input:not([type=hidden])";

function close(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

// Whoever has gone on to another part of the page meanwhile keeps the focus there.
function enter(menu) {
  const at = document.activeElement;
  if (at && at !== document.body && at !== menu.querySelector("summary")) return;
  menu.querySelector(FIELD)?.focus();
}

// Where it cannot be asked for, the link to the page that has it all stays.
async function fill(menu) {
  const back = encodeURIComponent(location.pathname + location.search);
  const { part, ok } = await fetchPart(`${menu.dataset.filledFrom}?back=${back}`);
  const [panel, fresh] = [menu, part].map((one) => one.querySelector(".menu-panel"));
  if (!ok || !fresh || !menu.open) return;
  panel.removeAttribute("data-keep-state");
  morph(panel, fresh);
  panel.setAttribute("data-keep-state", ""); // a list that is read again knows nothing of it
}

function refill(menu) {
  return menu.dataset.filledFrom ? fill(menu).catch(() => {}) : Promise.resolve();
}

export function startMenus() {
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]");
    close();
    menu?.querySelector("summary")?.focus();
  });
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.("details.menu") || !menu.open) return;
    menu.querySelector(FIELD)?.focus();
    refill(menu).then(() => enter(menu));
  }, true);
  // the row may have changed: a form of an open menu is of what it is now, with what was typed
  document.addEventListener("part", () => document.querySelectorAll("details.menu[open]").forEach(refill));
}
