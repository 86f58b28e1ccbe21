// Relative times that stay true, exact ones in the reader's zone or UTC.
import { say } from "./words.js";

const local = () => document.documentElement.dataset.clock !== "utc";

export function ago(seconds) {
  if (seconds < 1) return say("now");
  if (seconds < 60) return say("s", { n: Math.floor(seconds) });
  if (seconds < 3600) return say("min", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return say("h", { n: Math.floor(seconds / 3600) });
  return say("d", { n: Math.floor(seconds / 86400) });
}

export function exact(date) {
  const pad = (number, width = 2) => String(number).padStart(width, "0");
  if (!local()) return date.toISOString().replace("T", " ").replace("Z", " UTC");
  const minutes = -date.getTimezoneOffset();
  const zone = minutes === 0 ? "UTC" : `${minutes < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ` +
    `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)} ${zone}`;
}

export function until(seconds) {
  if (seconds <= 0) return say("due");
  const whole = Math.ceil(seconds);
  if (whole < 60) return say("inS", { n: whole });
  if (whole < 3600) return say("inMin", { n: Math.floor(whole / 60) });
  return say("inH", { n: Math.floor(whole / 3600) });
}

function span(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// What changes by the second: what is to come, and for how long something goes on.
function refreshSeconds(root = document) {
  for (const node of root.querySelectorAll("time[data-until]")) {
    const date = new Date(node.dateTime);
    set(node, until((date - Date.now()) / 1000));
    node.title = exact(date);
  }
  for (const node of root.querySelectorAll("time[data-for]")) {
    const date = new Date(node.dateTime);
    set(node, span((Date.now() - date) / 1000));
    node.title = exact(date);
  }
}

export function refreshTimes(root = document) {
  const now = Date.now();
  for (const node of root.querySelectorAll("time[data-ago]")) {
    const date = new Date(node.dateTime);
    set(node, ago((now - date) / 1000));
    node.title = exact(date);
  }
  refreshSeconds(root);
  for (const node of root.querySelectorAll("time[data-exact]")) set(node, exact(new Date(node.dateTime)));
}

export function startTimes() {
  refreshTimes();
  setInterval(() => document.hidden || refreshTimes(), 5000);
  setInterval(() => document.hidden || refreshSeconds(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
}
