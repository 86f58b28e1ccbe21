// Files that were uploaded together: which of the channels that were asked for are in none of them.
import { say } from "./words.js";

export function batchOf(channels, count, show) {
  const ended = new Map();
  return {
    narrow: count > 1,
    // `found`: the channels that the file tells of, undefined where nobody knows them, null where it is of costs alone.
    ended(job, found) {
      ended.set(job, found);
      const told = [...ended.values()].filter((one) => one !== null);
      if (ended.size < count || !told.length || told.some((one) => !one?.length)) return show([]);
      const there = new Set(told.flat());
      return show(channels.filter((channel) => !there.has(channel)));
    },
  };
}

export function namesOf(form, channels) {
  const name = (channel) =>
    form.querySelector(`input[name="channels"][value="${CSS.escape(channel)}"]`)?.parentElement.textContent.trim() ?? channel;
  return channels.map(name).join(", ");
}

export function inNoFile(form, channels) {
  return say("inNoFile", { channels: namesOf(form, channels) });
}
