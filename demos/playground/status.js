// What the page says of Python: a line of text, and the buttons that its state allows.
// SPDX-License-Identifier: MIT
// @ts-check

/** @type {Record<import("./engine.js").State, string>} */
const WORDS = {
  loading: "Loading Python…",
  ready: "Ready",
  running: "Running",
  stopping: "Stopping…",
  failed: "Python could not be loaded",
};

/**
 * @typedef {object} StatusElements
 * @property {HTMLElement} line
 * @property {HTMLButtonElement} run
 * @property {HTMLButtonElement} stop
 * @property {HTMLElement} problem with a paragraph for what went wrong
 */

/**
 * @example
 * const status = new Status({ line, run, stop, problem });
 * status.say("Output copied");
 */
export class Status {
  #elements;

  /** @param {StatusElements} elements */
  constructor(elements) {
    this.#elements = elements;
  }

  /**
   * Says what happened, for everybody to see and hear.
   * @param {string} text
   */
  say = (text) => {
    this.#elements.line.textContent = text;
  };

  /**
   * Says what went wrong.
   * @param {unknown} error
   */
  report = (error) => this.say(/** @type {Error} */ (error).message);

  /** Whether a program can be started: none is on its way. */
  get canRun() {
    return !this.#elements.run.disabled;
  }

  /** A program is on its way: it may have to wait for Python. */
  expectRun() {
    this.#elements.run.disabled = true;
  }

  /**
   * @param {import("./engine.js").State} state
   * @param {Error} [error] why it failed
   */
  show(state, error) {
    const { run, stop, problem } = this.#elements;
    document.body.dataset.state = state;
    const busy = state === "running" || state === "stopping";
    run.disabled = busy;
    stop.disabled = !busy;
    problem.hidden = state !== "failed";
    const reason = problem.querySelector("p");
    if (reason && state === "failed" && error) reason.textContent = error.message;
    this.say(WORDS[state]);
  }
}
