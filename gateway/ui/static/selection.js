// Counts the selected rows and shows what can be done with them.
const boxes = () => [...document.querySelectorAll('tbody input[type="checkbox"][name="id"]')];
// A chosen box -> whether its row could be decided then: a proposal that comes later was not there to be read.
const decidable = new WeakMap();

function remember(box) {
  if (!box.checked) decidable.delete(box);
  else if (!decidable.has(box)) decidable.set(box, box.matches("[data-decidable]"));
  const seen = box.parentElement.querySelector('input[name="seen"]');
  if (seen) seen.disabled = decidable.get(box) === false;
}

export function refreshSelection() {
  const all = boxes();
  all.forEach(remember);
  const chosen = all.filter((box) => box.checked);
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = chosen.length === 0;
    for (const place of bar.querySelectorAll("[data-selected]")) place.textContent = chosen.length;
    const plans = new Set(chosen.map((box) => box.dataset.plan).filter(Boolean));
    for (const place of bar.querySelectorAll("[data-selected-plans]")) place.textContent = plans.size;
    const left = bar.querySelector("[data-left-out]");
    if (left) {
      const others = chosen.filter((box) => !decidable.get(box) || !box.matches("[data-decidable]")).length;
      left.hidden = others === 0;
      left.querySelector("[data-left-out-count]").textContent = others;
    }
  }
  for (const master of document.querySelectorAll("[data-all]")) {
    master.disabled = all.length === 0;
    master.checked = all.length > 0 && chosen.length === all.length;
    master.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  for (const box of all) box.closest("[data-row]")?.classList.toggle("chosen", box.checked);
}

export function startSelection() {
  refreshSelection();
  document.addEventListener("part", refreshSelection);
  document.addEventListener("selection", refreshSelection);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches('[data-all], input[name="id"]')) refreshSelection();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-none]")) return;
    boxes().forEach((box) => { box.checked = false; });
    refreshSelection();
  });
}
