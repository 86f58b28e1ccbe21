// Hears of changes and refreshes what is shown; says so when it cannot hear.
import { fetchPart, Gone, refresh, refreshSays } from "./parts.js";
import { MARKED, openLine } from "./stream.js";
import { say } from "./words.js";
import { ago, exact } from "./times.js";
import { changed, looked, startAge } from "./verdict.js";

const SETTLE = 120; // ms: changes come in bursts
const PAUSE = 800; // ms at least between two refreshes
const PATIENCE = 3000; // ms without a connection before it is said
const SILENCE = 45000; // ms without a word from a server that promises one every 15 s
const ANSWER = 15000; // ms until a connection that was asked for is asked for again
const QUIET = 12000; // ms after which a page is read again whose figures move without an event
const READ = 10000; // ms for a refresh; a dead line must not keep the browser's few connections to itself

let source = null;
let heard = 0;
let reading = 0;
let asked = 0; // refreshes under way that somebody asked for, to see the new rows
let lostSince = null;
let told = false;
let timer = null;
let lastRefresh = 0;
let missed = false;
let down = false; // the gateway is heard, and says that the database does not answer

function setState(state) {
  for (const node of document.querySelectorAll("[data-live-state]")) {
    node.dataset.state = state;
    node.textContent = say(state === "live" ? "live" : state === "lost" ? "lost" : "connecting");
  }
}

function tell() {
  const banner = document.querySelector("[data-lost]");
  if (!banner) return;
  const lost = lostSince !== null && Date.now() - lostSince > PATIENCE;
  if (down && !lost) {
    banner.querySelector("[data-lost-text]").textContent = say("down");
    setState("lost");
  }
  if (lost) {
    const since = new Date(lostSince);
    const text = say("lostSince", { time: exact(since).slice(11, 19), ago: ago((Date.now() - lostSince) / 1000) });
    const place = banner.querySelector("[data-lost-text]");
    // said once to a screen reader, kept true for the eye
    if (!told) place.textContent = text;
    else if (place.firstChild) place.firstChild.nodeValue = text;
    setState("lost");
  }
  banner.hidden = !lost && !down;
  told = lost;
}

function lose(since = Date.now()) {
  lostSince ??= since;
  if (!told) setState("connecting");
  tell();
}

function found() {
  lostSince = null;
  if (!down) setState("live");
  tell();
}

// Every look of the gateway at the system comes here, whether or not anything is new.
function hearHealth(health) {
  const back = down && health.status !== "down";
  down = health.status === "down";
  if (back) found();
  tell();
  if (!down && changed(health)) soon();
}

// Rows that were not there before wait until they are asked for, unless nobody would lose their place.
function holdNewRows(main, fresh) {
  const before = main.querySelector("tbody");
  const after = fresh.querySelector("tbody");
  const banner = fresh.querySelector("[data-new-rows]");
  if (!before || !after || !banner) return;
  const busy = main.contains(document.activeElement) && document.activeElement !== main &&
    !document.activeElement.matches("[data-search]");
  const reading = window.scrollY > 160 || busy || main.querySelector("tbody input:checked, details.menu[open]");
  if (!reading) return;
  const known = new Set([...before.querySelectorAll("[data-row]")].map((row) => row.dataset.key));
  const rows = [...after.querySelectorAll("[data-row]")];
  const unknown = rows.filter((row) => !known.has(row.dataset.key));
  if (!unknown.length) return;
  unknown.forEach((row) => row.remove());
  // those that fell off the end of the page stay too, so that nothing moves
  const shown = new Set(rows.map((row) => row.dataset.key));
  for (const row of before.querySelectorAll("[data-row]")) if (!shown.has(row.dataset.key)) after.append(row.cloneNode(true));
  banner.hidden = false;
  banner.querySelector("button").textContent = say("newRows", { n: unknown.length });
}

async function update() {
  timer = null;
  if (document.hidden) {
    missed = true;
    return;
  }
  lastRefresh = Date.now();
  reading += 1;
  try {
    // an answer that comes after this one began is not shown: who asked for the new rows gets them by this one
    const main = document.getElementById("main");
    const hold = !asked && main.hasAttribute("data-list") ? holdNewRows : undefined;
    const options = { signal: AbortSignal.timeout(READ) };
    await (follows(main) ? refresh(hold, options) : refreshSays(options));
    if (lostSince !== null && hears()) found();
  } catch (error) {
    const gone = error instanceof Gone && follows(document.getElementById("main")); // a form keeps what is typed
    if (gone) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    else lose();
  } finally {
    reading -= 1;
  }
}

// A dead line gives no error at all: only what is not heard tells.
function silent() {
  return Date.now() - heard > (source.readyState === EventSource.OPEN ? SILENCE : ANSWER);
}

// Without a network an open line is one that has not noticed yet: what still arrives was asked for before.
function hears() {
  return navigator.onLine && source?.readyState === EventSource.OPEN && !silent();
}

export function soon() {
  timer ??= setTimeout(update, Math.max(SETTLE, PAUSE - (Date.now() - lastRefresh)));
}

// Whether the page is read again by itself; of any other only the frame's one line is.
function follows(main) {
  return main.hasAttribute("data-live") || Boolean(main.dataset.livePlan);
}

function concerns(main, planId) {
  if (main.hasAttribute("data-live")) return true;
  return planId !== undefined && main.dataset.livePlan === planId;
}

export function startLive() {
  const main = document.getElementById("main");
  if (!main || !follows(main)) for (const node of document.querySelectorAll("[data-live-state]")) node.hidden = true;
  if (!document.getElementById("system-says")) return; // nobody has signed in
  setState("connecting");
  lastRefresh = Date.now(); // it was made just now
  startAge();
  const hear = () => { heard = Date.now(); };
  const connect = () => {
    source?.close();
    down = false;
    hear(); // it has its time to answer
    source = openLine();
    source.addEventListener("open", () => {
      hear();
      found();
    });
    source.addEventListener("all", () => {
      hear();
      // each connection begins with one: something may have changed since the page was made
      soon();
    });
    source.addEventListener("plan", (event) => {
      hear();
      if (concerns(main, JSON.parse(event.data).planId)) soon();
    });
    source.addEventListener("health", (event) => {
      hear();
      hearHealth(JSON.parse(event.data));
    });
    for (const name of MARKED) {
      source.addEventListener(name, () => {
        hear();
        if (concerns(main)) soon();
      });
    }
    source.addEventListener("ping", hear);
    source.addEventListener("error", () => lose());
  };
  connect();
  setInterval(() => {
    // the browser gives up after an answer such as 503
    const closed = source.readyState === EventSource.CLOSED;
    if (closed || silent()) {
      lose(closed ? undefined : heard);
      connect();
      soon(); // tells an ended sign-in, which leads to the login page, from a server that is away
    } else if (lostSince !== null && source.readyState === EventSource.OPEN && !reading) {
      soon(); // it is heard, but could not be read
    } else if (main.hasAttribute("data-reread") && !document.hidden && Date.now() - lastRefresh > QUIET) {
      soon();
    }
    tell();
  }, 2500);
  window.addEventListener("offline", () => lose());
  window.addEventListener("online", connect);
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { connect(); soon(); } });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && missed) {
      missed = false;
      soon();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-new-rows] button")) {
      window.scrollTo({ top: 0 });
      asked += 1;
      refresh().catch(() => lose()).finally(() => { asked -= 1; });
    }
  });
}

export { fetchPart };
