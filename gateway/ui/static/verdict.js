// How old the verdict on the page is. It is told anew with every look of the gateway, and by no clock but this one.
import { say } from "./words.js";
import { ago, exact } from "./times.js";

const OLD = 15000; // ms: the gateway looks every two seconds

let mark = null;
let owed = null; // since when something else is wrong than the page says
let seen = Date.now(); // when what the page says was last known to be true

function shown() {
  return document.querySelector("#main time[data-as-of]");
}

function tick() {
  const age = Date.now() - seen;
  const node = shown();
  document.documentElement.toggleAttribute("data-old", Boolean(node) && age > OLD);
  const text = say("asOf", { ago: ago(age / 1000) });
  if (node && node.textContent !== text) node.textContent = text;
}

// What was read is as old as the gateway says: another gateway may have looked before this one did.
function read() {
  const node = shown();
  if (owed && node && new Date(node.dateTime) < owed) return;
  owed = null;
  looked();
}

export function looked(asOf) {
  seen = Date.now();
  const node = shown();
  if (asOf && node) {
    node.dateTime = asOf;
    node.title = exact(new Date(asOf));
  }
  tick();
}

// Says whether the page has to be read again; where nothing is new, what it shows is true of now. A page that was made
// before something else was wrong has to, though it hears of it with the first word of a connection.
export function changed(health) {
  const node = shown();
  const since = new Date(health.since);
  if ((mark !== null && mark !== health.mark) || (node && new Date(node.dateTime) < since)) owed = since;
  mark = health.mark;
  if (!owed) looked(health.asOf);
  return owed !== null;
}

export function startAge() {
  document.addEventListener("part", read);
  setInterval(tick, 1000);
  tick();
}
