// One file on its way: how much of it has been sent, then how far the server's reading of it is.
import { say, sayCount } from "./words.js";

const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);

// Sends the form; resolves to { status, body } of the answer, status 0 where there is none.
// `onSent` hears the part that was sent, `onReading` what the server says while it reads.
export function send(data, csrf, onSent, onReading) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let heard = 0;
    request.open("POST", "/api/marketplace/analysis/upload");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept", "application/x-ndjson, application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onSent(event.loaded / event.total));
    request.addEventListener("progress", () => {
      const whole = request.responseText.lastIndexOf("\n");
      if (!inLines(request) || whole <= heard) return;
      const last = JSON.parse(request.responseText.slice(heard, whole).trim().split("\n").pop());
      heard = whole;
      if (last.reading) onReading(last.reading);
    });
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("error", () => resolve({ status: 0, body: {} }));
    request.send(data);
  });
}

function inLines(request) {
  return (request.getResponseHeader("Content-Type") ?? "").startsWith("application/x-ndjson");
}

function answerOf(request) {
  try {
    if (!inLines(request)) return { status: request.status, body: JSON.parse(request.responseText) };
    const { status = 0, body = {} } = JSON.parse(request.responseText.trim().split("\n").pop());
    return { status, body };
  } catch {
    return { status: inLines(request) ? 0 : request.status, body: {} };
  }
}

export function readingWords({ stage, at, of, rows }) {
  if (stage === "waiting") return say("readingWaits");
  if (stage === "figures") return rows ? sayCount("readingSums", rows, { rows: number(rows) }) : say("readingSumsUp");
  const where = at ? say(stage === "page" ? "readingPage" : "readingSheet", { at: number(at), of: number(of) }) : "";
  const parts = [where, rows ? sayCount("readingRows", rows, { rows: number(rows) }) : ""].filter(Boolean);
  return parts.length ? say("readingAt", { where: parts.join(", ") }) : say("reading");
}
