// Turns one tree into another while keeping what a person is doing: focus, typed text, open parts, ticked boxes.
// A form's own properties are hidden by its fields: `form.id` is the field called "id" where there is one.
function id(node) {
  return node.getAttribute?.("id") ?? "";
}

function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || id(node) : "";
}

function same(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && key(a) === key(b);
}

function blank(node) {
  return node.nodeType === Node.TEXT_NODE && !node.nodeValue.trim();
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// Moving a node takes the focus out of it: what stands before it is moved or dropped instead.
function clear(from, place, match, keyed) {
  let at = place;
  while (at && at !== match) {
    const next = at.nextSibling;
    if (keyed.has(key(at))) from.insertBefore(at, match.nextSibling);
    else at.remove();
    at = next;
  }
  return match;
}

function attributes(from, to) {
  for (const { name } of [...from.attributes]) {
    const kept = (name === "open" && from.nodeName === "DETAILS") || name === "data-selected";
    if (!kept && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (name === "open" && from.nodeName === "DETAILS") continue;
    // what a person has written stays: the attribute is what the field shows until then
    if (name === "value" && from.type === "range" && from !== document.activeElement) from.value = value; // no text of a person
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

export function morph(from, to) {
  if (from.hasAttribute?.("data-keep-state")) return;
  attributes(from, to);
  if (from.nodeName === "TEXTAREA") {
    if (from.defaultValue !== to.defaultValue) from.defaultValue = to.defaultValue; // shown unless something is written
    return;
  }
  if (from.nodeName === "SELECT" && from === document.activeElement) return;
  // a message stays until the next action, not until the next refresh
  if (id(from) === "flash" && !to.firstElementChild) return;
  children(from, to);
}

function children(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) if (key(child)) keyed.set(key(child), child);
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const name = key(wanted);
    let match = null;
    if (name && keyed.has(name) && same(keyed.get(name), wanted)) match = keyed.get(name);
    else if (!name) {
      // blanks between elements come and go: they must not cost an element its state
      while (place && !same(place, wanted) && blank(place) && wanted.nodeType === Node.ELEMENT_NODE) place = drop(place);
      if (place && same(place, wanted)) match = place;
      else if (blank(wanted)) continue;
    }
    if (match) {
      keyed.delete(name);
      while (place && place !== match && blank(place)) place = drop(place);
      if (match !== place && match.contains(document.activeElement)) place = clear(from, place, match, keyed);
      if (match !== place) from.insertBefore(match, place);
      else place = place.nextSibling;
      if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
      else if (match.nodeValue !== wanted.nodeValue && !from.matches?.("time")) match.nodeValue = wanted.nodeValue;
    } else {
      from.insertBefore(document.importNode(wanted, true), place);
    }
  }
  while (place) place = drop(place);
}
