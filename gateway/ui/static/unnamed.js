// Sales that name no channel: asked about below the file's row, and sent again with the answer.
import { say } from "./words.js";

const written = (value, how = {}) => new Intl.NumberFormat(document.documentElement.lang, how).format(value);

function worth(revenue, currency) {
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return written(revenue, currency ? { style: "currency", currency } : cents);
}

// Shows the question in `place`; `send` uploads the job again with what was chosen.
export function askChannel(job, { rows, revenue, currency, channels }, nameOf, place, send) {
  const form = document.createElement("form");
  form.className = "form-row upload-unnamed";
  form.dataset.unnamed = "";
  form.dataset.native = ""; // it is sent with the file, below
  const told = document.createElement("p");
  told.className = "small";
  told.textContent = say(rows === 1 ? "unnamedRow" : "unnamedRows", { n: written(rows) });
  if (revenue !== null) told.textContent += `: ${worth(revenue, currency)}`;
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.textContent = say("unnamedOf");
  const select = document.createElement("select");
  select.className = "input";
  select.required = true;
  select.id = `unnamed-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  label.htmlFor = select.id;
  select.append(new Option(say("unnamedChoose"), ""), ...channels.map((one) => new Option(nameOf(one), one)));
  const button = document.createElement("button");
  button.className = "button primary";
  button.textContent = say("unnamedAnalyse");
  field.append(label, select);
  form.append(told, field, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    job.unnamed = select.value;
    job.narrow = true; // the other channels were chosen with it: the file has nothing of them
    send();
  });
  place.replaceChildren(form);
  select.focus();
}
