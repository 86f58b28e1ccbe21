// Sends forms without leaving the page. A form with data-native goes the plain way.
import { go, Gone } from "./parts.js";

const DELAY = 250; // ms after the last letter of a search

function focusResult() {
  const flash = document.getElementById("flash");
  if (flash?.firstElementChild) {
    flash.scrollIntoView({ block: "nearest" });
    flash.focus({ preventScroll: true });
  }
}

async function send(form, button) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  button?.setAttribute("data-busy", "");
  try {
    const data = new FormData(form, button);
    await go(button?.getAttribute("formaction") ?? form.getAttribute("action"), { method: "POST", body: new URLSearchParams(data) });
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    if (!form.isConnected || form.matches("[data-bulk]")) {
      document.querySelectorAll("tbody input:checked").forEach((box) => { box.checked = false; });
    }
    // what was refused is not lost: it can be mended and sent again; else a field shows what holds now, such as the day
    if (!document.querySelector("#flash .fail")) form.reset();
    document.dispatchEvent(new CustomEvent("selection"));
    focusResult();
  } catch (error) {
    if (error instanceof Gone) location.reload();
    else {
      form.setAttribute("data-native", ""); // the plain way shows what is wrong
      form.requestSubmit(button);
    }
  } finally {
    delete form.dataset.sending;
    button?.removeAttribute("data-busy");
  }
}

function address(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return form.getAttribute("action") + (query.size ? `?${query}` : "");
}

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-native") || form.matches("dialog form[method=dialog]")) return;
    event.preventDefault();
    if (form.method === "get") go(address(form)).catch(() => form.submit());
    else send(form, event.submitter);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-filter]");
    const slid = event.target.closest("form[data-slide]");
    if (slid) go(address(slid), {}, { replace: true }).catch(() => slid.submit());
    else if (form && event.target.matches("select")) go(address(form)).catch(() => form.submit());
  });
  let timer = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-filter]");
    if (!form || !event.target.matches("[data-search]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => go(address(form), {}, { replace: true }).catch(() => {}), DELAY);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".pills a, .travel a[rel], .page-foot a, .filters a, .rows-card .empty a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    go(link.href).then(() => window.scrollTo({ top: 0 })).catch(() => location.assign(link.href));
  });
  window.addEventListener("popstate", () => {
    if (!location.hash) go(location.href, {}, { replace: true }).catch(() => location.reload());
  });
}
