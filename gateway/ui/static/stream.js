// One line to the gateway for all tabs of a browser: it lets itself few connections to one place, and a line keeps one.
// The tab that holds the lock has the line and passes on what comes; the next one takes over when that tab goes. Each
// line begins with "all", so nobody misses what was said in between.
const PATH = "/api/events";
const NAME = "marketplace-events";
// What the gateway tells of that no event of a plan says.
export const MARKED = ["letters", "retries", "breakers", "replays", "alerts"];
const TOLD = ["all", "plan", "health", ...MARKED, "ping"];
const ANSWER = 2500; // ms until a tab that has the line and answers nothing, such as a frozen one, loses it

class SharedLine extends EventTarget {
  readyState = EventSource.CONNECTING;
  #channel = new BroadcastChannel(NAME);
  #line = null;
  #release = null;
  #turn = null;
  #answer = null;

  constructor() {
    super();
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    this.#lead();
    this.#channel.postMessage({ ask: true });
    this.#answer = setTimeout(() => this.#lead({ steal: true }), ANSWER);
  }

  close() {
    this.readyState = EventSource.CLOSED;
    clearTimeout(this.#answer);
    this.#channel.close();
    this.#turn.abort();
    this.#drop();
  }

  // Wait for the lock, or take it; have the line as long as it is ours.
  async #lead(how) {
    this.#turn?.abort();
    const { signal } = (this.#turn = new AbortController());
    try {
      await navigator.locks.request(NAME, how ?? { signal }, () => (signal.aborted ? undefined : this.#open()));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      if (signal.aborted || this.readyState === EventSource.CLOSED) return;
      this.#drop(); // another tab took it: this one did not answer
      this.readyState = EventSource.CONNECTING;
      this.#lead();
    }
  }

  #open() {
    clearTimeout(this.#answer);
    const line = (this.#line = new EventSource(PATH));
    for (const name of ["open", "error", ...TOLD]) {
      line.addEventListener(name, ({ data }) => {
        const told = { name, data, state: line.readyState };
        this.#channel.postMessage(told);
        this.#say(told);
      });
    }
    return new Promise((done) => { this.#release = done; });
  }

  #drop() {
    this.#line?.close();
    this.#line = null;
    this.#release?.();
  }

  #hear(told) {
    if (told.ask) {
      if (this.#line) this.#channel.postMessage({ state: this.#line.readyState });
      return;
    }
    if (this.#line) return;
    clearTimeout(this.#answer);
    const begins = this.readyState !== EventSource.OPEN && told.state === EventSource.OPEN;
    if (begins && told.name !== "open") this.#say({ name: "open", state: told.state });
    // who comes later does not know what was said before
    this.#say(begins && !told.name ? { name: "all", data: "{}", state: told.state } : told);
  }

  #say({ name, data, state }) {
    if (this.readyState === EventSource.CLOSED) return;
    this.readyState = state;
    if (name) this.dispatchEvent(data === undefined ? new Event(name) : new MessageEvent(name, { data }));
  }
}

// Without locks, as on a page that came by plain HTTP from another machine, each tab has a line of its own.
export function openLine() {
  return navigator.locks && window.BroadcastChannel ? new SharedLine() : new EventSource(PATH);
}
