// The columns of a file that are not sure: shown below its row, looked at anew with each change, confirmed.
// The file stays in the page and is sent with each look: the server keeps none.

function form(job) {
  const data = new FormData();
  data.append("channels", job.channels.join(","));
  data.append("priority", job.priority);
  if (job.team !== undefined) data.append("team", job.team);
  if (job.currency) data.append("currency", job.currency);
  return data;
}

async function look(job, csrf, picks, { propose = false, taken = [], signal } = {}) {
  const data = form(job);
  if (propose) data.append("propose", "true");
  for (const input of taken) data.append("taken", input.value);
  for (const pick of picks) data.append("pick", pick);
  data.append("file", job.file, job.file.name);
  const answer = await fetch("/plans/upload/mapping", {
    method: "POST", body: data, headers: { "X-CSRF-Token": csrf, "X-Part": "main" }, signal,
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-mapping]");
}

function picksOf(panel) {
  return [...panel.querySelectorAll("[data-pick]")].map((select) => select.value);
}

function mappingOf(panel) {
  const found = {};
  for (const pick of picksOf(panel)) {
    const [header, column, field] = JSON.parse(pick);
    (found[header] ??= {})[column] = field;
  }
  // what is left as it was read is no mapping
  for (const input of panel.querySelectorAll("[data-taken]")) {
    for (const [header, columns] of Object.entries(JSON.parse(input.value))) {
      const own = found[header] ?? {};
      for (const [column, field] of Object.entries(columns)) if (own[column] === field) delete own[column];
      if (!Object.keys(own).length) delete found[header];
    }
  }
  return found;
}

// Shows the columns in `place`; `send` uploads the job again, `failed` says that a look was not possible.
export async function askColumns(job, csrf, place, send, failed) {
  let panel;
  let turn = 0;
  let looking;
  // a look that is overtaken is given up, and the server stops reading for it: else the last one waits for all before
  const anew = () => {
    looking?.abort();
    looking = new AbortController();
    turn += 1;
    return turn;
  };
  try {
    panel = document.importNode(await look(job, csrf, []), true);
  } catch {
    failed();
    return;
  }
  const strip = (node) => node.querySelectorAll(".on-page, input[type=file]").forEach((one) => one.remove());
  strip(panel);
  place.replaceChildren(panel);
  panel.addEventListener("change", async (event) => {
    if (event.target.matches("[data-currency]")) job.currency = event.target.value;
    else if (!event.target.matches("[data-pick]")) return;
    const mine = anew();
    const sums = () => panel.querySelector("[data-sums]");
    sums().setAttribute("aria-busy", "true");
    try {
      const seen = await look(job, csrf, picksOf(panel), { taken: panel.querySelectorAll("[data-taken]"), signal: looking.signal });
      if (mine !== turn) return;
      // its inside alone: what reads aloud listens to the section
      sums().replaceChildren(...document.importNode(seen.querySelector("[data-sums]"), true).childNodes);
      sums().removeAttribute("aria-busy");
    } catch {
      if (mine === turn) failed();
    }
  });
  // an agent takes its time: meanwhile the page can be used, and what is chosen then stands
  const propose = async (button) => {
    const mine = anew();
    button.disabled = true;
    panel.setAttribute("aria-busy", "true");
    try {
      const taken = panel.querySelectorAll("[data-taken]");
      const seen = document.importNode(await look(job, csrf, picksOf(panel), { propose: true, taken }), true);
      if (mine !== turn) return;
      strip(seen);
      panel.replaceChildren(...seen.childNodes);
      panel.querySelector("[data-propose]")?.focus();
    } catch {
      if (mine === turn) failed();
    } finally {
      panel.removeAttribute("aria-busy");
      button.disabled = false;
    }
  };
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.matches("[data-propose]")) {
      propose(event.submitter);
      return;
    }
    const anyway = event.submitter?.matches("[data-anyway]");
    job.anyway = Boolean(anyway);
    const mapping = mappingOf(panel);
    job.mapping = anyway || !Object.keys(mapping).length ? "" : JSON.stringify(mapping);
    send();
  });
  panel.querySelector("[data-pick]")?.focus();
}
