// Several files, one after the other, each with its progress and its own result.
import { batchOf, inNoFile, namesOf } from "./batch.js";
import { askColumns } from "./mapping.js";
import { readingWords, send } from "./sending.js";
import { askChannel } from "./unnamed.js";
import { problemWords, say } from "./words.js";

const NAMES = [
  ["mercado_livre", /mercado.?li[vb]re|\bmeli\b|\bml\b/i],
  ["shopee", /shopee/i],
  ["amazon", /amazon/i],
  ["magalu", /magalu|magazine.?luiza/i],
  ["tiktok_shop", /tik.?tok/i],
  ["americanas", /americanas/i],
  ["shein", /shein/i],
];

function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(file) {
  const item = node("li", "upload-row");
  const name = node("bdi", "upload-name", file.name);
  const state = node("span", "upload-state quiet", say("waiting"));
  const bar = node("progress", "");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const more = node("div", "upload-more");
  const asked = node("div", "upload-asked");
  item.append(name, state, bar, more, asked);
  return { item, state, bar, more, asked };
}

export function startUpload() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const input = form.querySelector("[data-files]");
  const drop = form.closest("details");
  input.multiple = true; // one at a time without scripts: the server takes one document a request
  if (location.hash === "#upload") drop.open = true;
  const list = drop.querySelector("[data-uploads]"); // beside the form: the columns of a file are a form, too
  const noChannel = form.querySelector("[data-no-channel]");
  const csrf = document.body.dataset.csrf;
  const queue = [];
  let busy = false;
  let touched = false;

  const channels = () => [...form.querySelectorAll('input[name="channels"]:checked')].map((box) => box.value);

  async function next() {
    if (busy) return;
    const job = queue.shift();
    if (!job) return;
    busy = true;
    await one(job);
    busy = false;
    next();
  }

  async function one(job) {
    const { shown, file } = job;
    const data = new FormData();
    // fields first: the server knows what it is for before the file has arrived
    data.append("channels", job.channels.join(","));
    data.append("priority", job.priority);
    if (job.team !== undefined) data.append("team", job.team);
    if (job.again) data.append("again", "true");
    if (job.anyway) data.append("anyway", "true");
    if (job.mapping) data.append("mapping", job.mapping);
    if (job.currency) data.append("currency", job.currency);
    if (job.unnamed) data.append("unnamed", job.unnamed);
    if (job.narrow) data.append("narrow", "true");
    data.append("file", file, file.name);
    shown.more.replaceChildren();
    shown.bar.hidden = false;
    shown.bar.value = 0;
    const sent = (part) => {
      shown.bar.value = part;
      const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(part);
      shown.state.textContent = part < 1 ? say("sending", { percent }) : say("reading");
      if (part >= 1) shown.bar.removeAttribute("value");
    };
    const read = (reading) => {
      shown.state.textContent = readingWords(reading);
      if (reading.at) shown.bar.value = (reading.at - 1) / reading.of;
      else shown.bar.removeAttribute("value");
    };
    const answer = await send(data, csrf, sent, read);
    finish(job, answer);
    job.batch.ended(job, answer.body.outcome === "kept" ? null : answer.body.found);
  }

  function finish(job, { status, body }) {
    const { shown } = job;
    shown.bar.hidden = true;
    if (status === 202 && body.planId) {
      shown.state.textContent = say("uploaded");
      shown.more.append(link(body.planId, say("openPlan")));
      shown.item.classList.add("good");
      const more = (body.found ?? []).filter((channel) => !body.channels.includes(channel));
      if (more.length) shown.more.append(node("span", "quiet", say("alsoIn", { channels: namesOf(form, more) })));
      if (more.length) shown.more.append(link(body.planId, say("analyseToo"), "#not-chosen"));
      return;
    }
    if (status === 200 && body.outcome === "kept") {
      shown.state.textContent = say("kept");
      const made = node("a", "button compact", say("openCosts"));
      made.href = "/costs";
      shown.more.append(node("span", "quiet", body.told.join(" ")), made);
      shown.item.classList.add("good");
      return;
    }
    if (status === 409 && body.planId) {
      shown.item.classList.add("known");
      shown.state.textContent = say("duplicate");
      shown.more.append(link(body.planId, say("openExisting")), retry(job, say("again"), true));
      return;
    }
    if (status === 422 && body.tables) {
      shown.item.classList.add("known");
      shown.state.textContent = say(job.mapping ? "columnsTooLittle" : "columnsNotSure");
      const failed = () => {
        shown.state.textContent = say("noConnection");
        if (!shown.asked.childElementCount) shown.more.append(retry(job, say("tryAgain"), false));
      };
      // what was chosen stays where it was not enough
      if (!shown.asked.childElementCount) askColumns(job, csrf, shown.asked, () => retried(job), failed);
      shown.asked.hidden = false;
      return;
    }
    if (status === 422 && body.unnamed) {
      shown.item.classList.add("known");
      shown.state.textContent = say("channelNotTold");
      askChannel(job, body.unnamed, (channel) => namesOf(form, [channel]), shown.asked, () => retried(job));
      shown.asked.hidden = false;
      return;
    }
    if (status === 422 && body.found) {
      shown.item.classList.add("known");
      shown.state.textContent = say("otherChannels", { channels: namesOf(form, body.found) });
      job.channels = body.found;
      shown.more.append(retry(job, say("analyseThese"), false));
      return;
    }
    shown.item.classList.add("bad");
    const [title, advice] = status ? problemWords(body) : [say("noConnection"), say("checkConnection")];
    shown.state.textContent = title;
    const rows = (body.told ?? []).join(" ");
    shown.more.append(node("span", "quiet", rows ? `${advice} ${rows}` : advice), retry(job, say("tryAgain"), false));
  }

  // Shows the columns before anything is uploaded.
  function lookFirst(job) {
    const { shown } = job;
    shown.bar.hidden = true;
    shown.state.textContent = say("columnsFirst");
    const failed = () => {
      shown.state.textContent = say("noConnection");
      if (!shown.asked.childElementCount) shown.more.append(retry(job, say("tryAgain"), false));
    };
    askColumns(job, csrf, shown.asked, () => retried(job), failed);
  }

  function link(planId, text, place = "") {
    const made = node("a", "button compact", text);
    made.href = `/plans/${encodeURIComponent(planId)}${place}`;
    return made;
  }

  function retry(job, text, again) {
    const button = node("button", "button compact", text);
    button.type = "button";
    button.addEventListener("click", () => {
      job.again = again || job.again;
      retried(job);
    });
    return button;
  }

  function retried(job) {
    job.shown.item.className = "upload-row";
    job.shown.state.textContent = say("waiting");
    job.shown.more.replaceChildren();
    job.shown.asked.hidden = true; // what was chosen stays, in case that it is not enough
    job.shown.item.scrollIntoView({ block: "nearest" });
    queue.push(job);
    next();
  }

  // A file's name often says its channel; a choice of the person's own is never changed.
  function guess(files) {
    if (touched) return;
    for (const file of files) {
      for (const [channel, pattern] of NAMES) {
        if (pattern.test(file.name)) form.querySelector(`input[name="channels"][value="${channel}"]`).checked = true;
      }
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches('input[name="channels"]')) {
      touched = true;
      noChannel.hidden = true;
    }
    if (event.target === input) guess(input.files);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = channels();
    if (!wanted.length) {
      noChannel.hidden = false;
      form.querySelector('input[name="channels"]').focus();
      return;
    }
    const note = node("li", "upload-row upload-note quiet");
    const batch = batchOf(wanted, input.files.length, (missing) => {
      if (!missing.length) return note.remove();
      note.textContent = inNoFile(form, missing);
      return list.prepend(note);
    });
    const { narrow } = batch;
    const first = event.submitter?.matches("[data-look]");
    for (const file of input.files) {
      const shown = row(file);
      list.prepend(shown.item);
      const { priority, team } = form.elements;
      const job = { file, shown, batch, narrow, channels: wanted, priority: priority.value, team: team?.value, again: false };
      if (first) lookFirst(job);
      else queue.push(job);
    }
    input.value = "";
    next();
  });

  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  window.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    drop.classList.add("over");
  });
  window.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) drop.classList.remove("over");
  });
  window.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.classList.remove("over");
    drop.open = true;
    input.files = event.dataTransfer.files;
    guess(input.files);
    drop.scrollIntoView({ block: "nearest" });
    input.focus();
  });
}
