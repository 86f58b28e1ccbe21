// The palette: Ctrl/Cmd-K opens it, it finds what /search finds, and goes there. Without it the search is a page.
import { fetchPart, Gone } from "./parts.js";
import { sayCount, words } from "./words.js";

const DELAY = 120; // ms after the last letter
let turn = 0;
let timer = null;

const dialog = () => document.getElementById("palette");
const field = () => document.getElementById("palette-q");
const list = () => document.getElementById("palette-list");
const options = () => [...list().querySelectorAll("[role=option]")];

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field().removeAttribute("aria-activedescendant");
}

const chosen = () => list().querySelector("[aria-selected=true]");

function group(section, number) {
  const part = document.createElement("div");
  const title = document.createElement("div");
  title.className = "palette-group";
  title.id = `palette-group-${number}`;
  title.textContent = section.querySelector("h2").textContent;
  part.setAttribute("role", "group");
  part.setAttribute("aria-labelledby", title.id);
  part.append(title);
  for (const [n, item] of [...section.querySelectorAll("li")].entries()) {
    const link = item.querySelector("a.hit");
    const option = document.createElement("a");
    option.href = link.getAttribute("href");
    option.id = `palette-option-${number}-${n}`;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(...link.childNodes);
    const strange = item.querySelector(".sourceless");
    if (strange) option.append(strange);
    const more = item.querySelector(".facts");
    if (more) {
      const said = document.createElement("span");
      said.className = "quiet small clip";
      said.append(...more.childNodes);
      option.append(said);
    }
    const state = item.querySelector(".chip");
    if (state) option.append(state);
    part.append(option);
  }
  const late = section.querySelector("p.quiet");
  if (late) {
    const said = document.createElement("p");
    said.className = "quiet small palette-late";
    said.textContent = late.textContent;
    part.append(said);
  }
  return part;
}

async function find() {
  const mine = ++turn;
  const said = dialog().querySelector("[data-palette-said]");
  const asked = field().value.trim();
  try {
    const { part } = await fetchPart(`/search?${new URLSearchParams(asked ? { q: asked } : {})}`);
    if (mine !== turn || !dialog().open) return;
    list().replaceChildren(...[...part.querySelectorAll("[data-group]")].map(group));
    choose(options()[0]);
    const found = options().length;
    said.textContent = found ? sayCount("found", found, { n: found }) : words.nothingFits;
  } catch (error) {
    if (mine !== turn) return;
    if (error instanceof Gone) location.assign("/login");
    else said.textContent = words.noConnection;
  }
}

function open() {
  const shown = dialog();
  if (!shown || shown.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  field().value = "";
  list().replaceChildren();
  shown.showModal(); // closing it gives the focus back
  field().focus();
  find();
}

function move(step) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter" && chosen()) chosen().click();
  else return;
  event.preventDefault();
}

export function startPalette() {
  if (!dialog()) return;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog().open) dialog().close();
      else open();
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (!opener || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open();
  });
  list().addEventListener("click", (event) => {
    if (event.target.closest("a")) dialog().close();
  });
  field().addEventListener("keydown", onKey);
  field().addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, DELAY);
  });
}
