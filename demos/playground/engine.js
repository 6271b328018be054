// The engine: one Python behind the page, which behaves as if each run were a process of its own.
// SPDX-License-Identifier: MIT
// @ts-check
//
// A program begins with fresh variables and ends when its last thread that is not a daemon has ended.
// Threads that are left then (daemons, or all of them after Stop) would end with a process; here the
// whole Python is closed for them and a new one is started. Files are carried over.

import BEGIN from "./program-begin.py";
import FINISH from "./program-finish.py";
import { filesBelow, HOME } from "./files.js";

/** @typedef {import("heddle").Python} Python */
/** @typedef {"loading" | "ready" | "running" | "stopping" | "failed"} State */

/**
 * How a program ended.
 * @typedef {object} Ending
 * @property {"finished" | "raised" | "stopped" | "closed" | "died"} how
 *   closed: Python had to be closed, or was, to end it; died: Python ended by itself
 * @property {number} seconds
 * @property {any} [error]
 * @property {number} [threadsLeft] threads that had to be ended
 */

/**
 * @typedef {object} EngineEvents
 * @property {(state: State, error?: any) => void} onState
 * @property {(text: string, stream: "out" | "err", thread: number) => void} onOutput
 * @property {(error: any) => void} onError the program raised; its threads may go on
 * @property {(wanted: boolean) => void} onInput a thread waits for a line, or no longer does
 */

/** What a program has to end in after Stop, before Python is closed. */
const GRACE_MS = 3000;
/** Threads that are about to end get this long before they count as left. */
const PATIENCE_MS = 500;

/**
 * @example
 * const engine = new Engine({ onState, onOutput, onError, onInput });
 * void engine.start();
 * const { how, seconds } = await engine.run("print('hello')", "main.py");
 */
export class Engine {
  #events;
  /** @type {Python | undefined} */
  #py;
  /** @type {(loading: Promise<void>) => void} */
  #begin = () => {};
  /** @type {Promise<void>} until Python is loaded; it can be waited for before start() */
  #starting = new Promise((resolve) => (this.#begin = resolve));
  /** @type {State} */
  #state = "loading";
  #stopAsked = false;
  #restartAsked = false;
  /** @type {((line: string | null) => void) | undefined} answers the thread that waits for a line */
  #answer;
  /** @type {Record<string, Uint8Array>} what the next Python begins with */
  #files = {};

  /** @param {EngineEvents} events */
  constructor(events) {
    this.#events = events;
  }

  get state() {
    return this.#state;
  }

  /** Python, while there is one. */
  get python() {
    return this.#py?.closed ? undefined : this.#py;
  }

  /** Loads Python. Never rejects: a failure is a state. */
  start() {
    this.#starting = this.#load();
    this.#begin(this.#starting);
    return this.#starting;
  }

  /**
   * Runs a program to its end; waits for Python to be loaded.
   * @param {string} code
   * @param {string} filename how tracebacks call it
   * @returns {Promise<Ending | undefined>} undefined: it never began
   */
  async run(code, filename) {
    if (this.#state === "running" || this.#state === "stopping") return undefined;
    this.#stopAsked = this.#restartAsked = false;
    await this.#starting;
    if (!this.#py || this.#stopAsked) return undefined;
    this.#set("running");
    await this.#saveFiles(); // a program that ends Python itself leaves no other moment
    const started = performance.now();
    const ending = await this.#runToEnd(this.#py, code, filename);
    ending.seconds = (performance.now() - started) / 1000;
    this.answer(null); // an end of file that nobody waits for is nothing; the next input() asks again
    await this.#cleanUp(ending);
    return ending;
  }

  /** Interrupts the program; if it does not end, Python is closed. */
  async stop() {
    this.#stopAsked = true;
    if (!this.python || this.#state !== "running") return;
    this.#set("stopping");
    this.python.interrupt(2, { grace: GRACE_MS });
    await this.#saveFiles();
  }

  /** Closes this Python, whatever it does, and starts another one with its files. */
  async restart() {
    const busy = this.#state === "running" || this.#state === "stopping";
    this.#restartAsked = true;
    if (busy) {
      await this.#saveFiles();
      await this.#py?.close(); // the rest is run()'s
    } else {
      await this.#starting;
      await this.#replace();
    }
  }

  /**
   * Answers the thread that waits for a line.
   * @param {string | null} line null: there is no more input
   */
  answer(line) {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#events.onInput(false);
    answer?.(line);
  }

  async #load() {
    this.#set("loading");
    this.#answer = undefined;
    const { onOutput, onInput } = this.#events;
    try {
      const { loadPython } = await import("heddle");
      this.#py = await loadPython({
        files: this.#files,
        stdout: (text, thread) => onOutput(text, "out", thread),
        stderr: (text, thread) => onOutput(text, "err", thread),
        stdin: () =>
          new Promise((resolve) => {
            this.#answer = resolve;
            onInput(true);
          }),
      });
      this.#set("ready");
    } catch (error) {
      this.#py = undefined;
      this.#set("failed", error);
    }
  }

  /**
   * @param {Python} py
   * @param {string} code
   * @param {string} filename
   * @returns {Promise<Ending>}
   */
  async #runToEnd(py, code, filename) {
    /** @type {Ending} */
    let ending = { how: "finished", seconds: 0 };
    if (this.#stopAsked) return { ...ending, how: "stopped" };
    try {
      await py.run(BEGIN, { filename: "<playground>", globals: { _program: filename } });
      await py.run(code, { filename });
    } catch (error) {
      ending = this.#judge(error);
      if (ending.how === "raised") this.#events.onError(error);
      if (ending.how === "closed" || ending.how === "died") return ending;
    }
    if (this.#stopAsked) return { ...ending, how: "stopped" };
    try {
      await py.run(FINISH, { filename: "<playground>" });
      return ending;
    } catch (error) {
      return this.#judge(error);
    }
  }

  /**
   * What an error says about how the program ended.
   * @param {any} error
   * @returns {Ending}
   */
  #judge(error) {
    if (error.name !== "PythonError") {
      const closed = this.#stopAsked || this.#restartAsked;
      return { how: closed ? "closed" : "died", error, seconds: 0 };
    }
    if (this.#stopAsked && error.type === "KeyboardInterrupt") return { how: "stopped", error, seconds: 0 };
    if (error.type === "SystemExit" && !error.code) return { how: "finished", seconds: 0 };
    return { how: "raised", error, seconds: 0 };
  }

  /**
   * Leaves a Python that is ready for the next program.
   * @param {Ending} ending
   */
  async #cleanUp(ending) {
    if (ending.how !== "closed" && ending.how !== "died") {
      ending.threadsLeft = await this.#threadsLeft();
      if (ending.threadsLeft === 0) {
        this.#set("ready");
        return;
      }
    }
    await this.#replace();
  }

  async #threadsLeft() {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const left = this.python?.threads().filter((thread) => !thread.main && thread.state !== "ended") ?? [];
      if (left.length === 0 || performance.now() > until) return left.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #replace() {
    this.#set("loading");
    await this.#saveFiles();
    await this.#py?.close();
    await this.start();
  }

  /**
   * Keeps the files for the next Python. When this one has ended already, by os._exit() say, those
   * from before the program are kept.
   */
  async #saveFiles() {
    const fs = this.python?.fs;
    if (!fs) return;
    try {
      /** @type {Record<string, Uint8Array>} */
      const files = {};
      for (const { path } of await filesBelow(fs, HOME)) files[path] = await fs.readFile(path);
      this.#files = files;
    } catch (error) {
      console.warn("heddle playground: the files could not be kept:", error);
    }
  }

  /**
   * @param {State} state
   * @param {any} [error]
   */
  #set(state, error) {
    this.#state = state;
    this.#events.onState(state, error);
  }
}
