// Turns one tree into another while keeping what a person is doing: focus, typed text, open parts, ticked boxes.
const STATEFUL = new Set(["INPUT", "TEXTAREA", "SELECT"]);

function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || "" : "";
}

function same(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && key(a) === key(b);
}

function attributes(from, to) {
  for (const { name } of [...from.attributes]) {
    const kept = (name === "open" && from.nodeName === "DETAILS") || name === "data-selected";
    if (!kept && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (name === "open" && from.nodeName === "DETAILS") continue;
    if (name === "value" && STATEFUL.has(from.nodeName) && from.type !== "hidden") continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

export function morph(from, to) {
  if (from.hasAttribute?.("data-keep-state")) return;
  attributes(from, to);
  if (from.nodeName === "TEXTAREA") return;
  if (from.nodeName === "SELECT" && from === document.activeElement) return;
  // a message stays until the next action, not until the next refresh
  if (from.id === "flash" && !to.firstElementChild) return;
  children(from, to);
}

function children(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) if (key(child)) keyed.set(key(child), child);
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const id = key(wanted);
    let match = null;
    if (id && keyed.has(id) && same(keyed.get(id), wanted)) match = keyed.get(id);
    else if (!id && place && same(place, wanted)) match = place;
    if (match) {
      keyed.delete(id);
      if (match !== place) from.insertBefore(match, place);
      else place = place.nextSibling;
      if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
      else if (match.nodeValue !== wanted.nodeValue && !from.matches?.("time")) match.nodeValue = wanted.nodeValue;
    } else {
      from.insertBefore(document.importNode(wanted, true), place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}
