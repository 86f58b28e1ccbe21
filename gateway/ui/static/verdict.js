// How old the verdict on the page is. It is told anew with every look of the gateway, and by no clock but this one.
import { say } from "./words.js";
import { ago, exact } from "./times.js";

const OLD = 15000; // ms: the gateway looks every two seconds
const APART = 8000; // ms: two gateways may differ for long, and reading again does not bring them together

let mark = null;
let owed = null; // since when something else is wrong than the page says
let compared = 0; // when the page was last read again since it was made of another verdict than is heard
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

// Says whether the page has to be read again: where it was made before something else was wrong, and where it was made
// of another verdict than is heard, such as one of a moment between two looks. Where neither is so, it is true of now.
export function changed(health) {
  const node = shown();
  const since = new Date(health.since);
  const other = mark !== null && mark !== health.mark;
  const apart = Boolean(node?.dataset.asOf) && node.dataset.asOf !== health.mark;
  mark = health.mark;
  if (other || (node && new Date(node.dateTime) < since)) owed = since;
  else if (apart && !owed && Date.now() - compared > APART) {
    compared = Date.now();
    owed = new Date(health.asOf);
  }
  if (!owed && !apart) looked(health.asOf);
  return owed !== null;
}

export function startAge() {
  document.addEventListener("part", read);
  setInterval(tick, 1000);
  tick();
}
