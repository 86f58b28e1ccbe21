// The words of this page's language, given by the server.
export const words = JSON.parse(document.body.dataset.words || "{}");

export function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// The same of a count, in the form for one where there is one.
export function sayCount(name, n, values) {
  return say(n === 1 && words[`${name}One`] ? `${name}One` : name, values);
}

// What a problem+json answer means, in this language: [title, what to do].
export function problemWords(problem) {
  const kind = String(problem.type ?? "").split("#").pop();
  const content = words.problems?.[`${problem.code}.${problem.content}`];
  return content ?? words.problems?.[problem.code] ?? words.problems?.[kind] ?? [problem.title ?? words.failed, problem.detail ?? ""];
}
