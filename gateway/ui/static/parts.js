// Fetches the inside of <main> and puts it in place.
import { morph } from "./morph.js";
import { refreshTimes } from "./times.js";

const HEADERS = { "X-Part": "main", Accept: "text/html" };
let latest = 0; // what was begun last
let wanted = 0; // what a person asked last to see
let shown = 0; // how many of a person's requests are on the page

export class Gone extends Error {}

export async function fetchPart(url, options = {}) {
  const response = await fetch(url, { ...options, headers: { ...HEADERS, ...options.headers }, credentials: "same-origin" });
  if (new URL(response.url).pathname === "/login" || !(response.headers.get("content-type") ?? "").startsWith("text/html")) {
    throw new Gone(response.url);
  }
  const part = new DOMParser().parseFromString(await response.text(), "text/html");
  return { part, url: response.url, ok: response.ok, redirected: response.redirected };
}

// `hold(main, part)` may change the new part before it is put in place.
export function put(part, hold) {
  const main = document.getElementById("main");
  const fresh = document.createElement("main");
  for (const attribute of main.attributes) fresh.setAttribute(attribute.name, attribute.value);
  const meta = part.querySelector("template[data-title]");
  if (meta) {
    document.title = meta.dataset.title.trim();
    badges(meta);
    meta.remove();
  }
  fresh.append(...part.body.childNodes);
  hold?.(main, fresh);
  morph(main, fresh);
  refreshTimes(main);
  document.dispatchEvent(new CustomEvent("part"));
}

function badges(meta) {
  for (const fresh of meta.content.querySelectorAll("[data-count]")) {
    for (const old of document.querySelectorAll(`[data-count="${CSS.escape(fresh.dataset.count)}"]`)) {
      if (fresh.dataset.count) old.replaceChildren(...[...fresh.cloneNode(true).childNodes]);
    }
  }
}

// The frame's one line of the system, where the page itself stays as it was opened.
export async function refreshSays(options) {
  const { part, ok } = await fetchPart("/system/says", options);
  const [old, fresh] = [document, part].map((all) => all.getElementById("system-says"));
  if (!ok || !old || !fresh) return;
  morph(old, fresh);
  document.dispatchEvent(new CustomEvent("part"));
}

export async function refresh(hold, options) {
  const turn = ++latest;
  const before = shown;
  const { part, ok } = await fetchPart(location.href, options);
  if (before !== shown) await refresh(hold, options); // the address was another one when it was asked for
  else if (turn === latest && ok) {
    // a page that could not be had until now has attributes of its own
    if (document.getElementById("main").hasAttribute("data-again")) location.reload();
    else put(part, hold);
  }
}

// A filter or an action: what was asked before no longer counts. The answer to an action is always shown.
export async function go(url, options = {}, { replace = false } = {}) {
  const turn = ++latest;
  const action = options.method === "POST";
  if (!action) wanted = turn;
  const { part, url: landed, ok, redirected } = await fetchPart(url, options);
  if (!action && wanted !== turn) return;
  const path = new URL(landed).pathname;
  const above = part.querySelector("#flash .flash");
  if (action && !ok && !redirected && path !== location.pathname && above) {
    // the answer has no address that could be loaded: the message stands above the form, which stays as it is. Where an
    // action leads to, such as the page of a plan that is still to come, is loaded whatever it answers.
    document.getElementById("flash")?.replaceChildren(above);
    return;
  }
  if (path !== location.pathname) {
    // another page: its own attributes matter, so it is loaded whole; the result of the action goes with it
    location.assign(landed);
    return;
  }
  if (landed !== location.href) history[replace ? "replaceState" : "pushState"]({}, "", landed);
  shown += 1;
  put(part);
}
