// Lines from a terminal: Node's line editor, with a history that lasts.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The editor exists only while a line is wanted: at all other times the terminal stays as it was, so
// that Ctrl-C is a signal. Lines that were pasted after the first wait for the next prompts, where they
// are echoed as if they were typed then.

import { appendFileSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const HISTORY_LINES = 1000;

/** Where the history lasts. */
export function historyPath() {
  return process.env.PYTHON_HISTORY || join(homedir(), ".heddle_history");
}

/** The terminal, let through one line at a time. */
class LineGate extends Readable {
  #terminal;
  isTTY = true;

  /** @param {import("node:tty").ReadStream} terminal */
  constructor(terminal) {
    super();
    this.#terminal = terminal;
  }

  /** @param {boolean} raw */
  setRawMode(raw) {
    this.#terminal.setRawMode(raw);
    return this;
  }

  _read() {}
}

/**
 * @example
 * const prompt = new TerminalPrompt({ historyPath: "/home/me/.heddle_history", onInterrupt: () => {} });
 * const bytes = await prompt.read(">>> "); // null: end of file; undefined: interrupted
 */
export class TerminalPrompt {
  #historyPath;
  #onInterrupt;
  /** @type {string[] | undefined} newest first, as the editor has it */
  #history;
  /** Typed ahead or pasted, and not shown to the editor yet. */
  #ahead = Buffer.alloc(0);
  /** @type {(() => void) | undefined} */
  #cancel;

  /** @param {{historyPath: string | undefined, onInterrupt: () => void}} options */
  constructor({ historyPath, onInterrupt }) {
    this.#historyPath = historyPath;
    this.#onInterrupt = onInterrupt;
  }

  /** Gives up the prompt that is shown, if any. */
  cancel() {
    this.#cancel?.();
  }

  /**
   * @param {string | undefined} prompt
   * @returns {Promise<Uint8Array | null | undefined>}
   */
  async read(prompt) {
    const terminal = /** @type {import("node:tty").ReadStream} */ (process.stdin);
    const gate = new LineGate(terminal);
    const editor = createInterface({
      input: gate,
      output: process.stdout,
      terminal: true,
      prompt: prompt ?? "",
      history: [...(this.#history ??= this.#loadHistory())],
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      tabSize: 4,
    });
    const typed = (/** @type {Buffer} */ bytes) => {
      this.#ahead = Buffer.concat([this.#ahead, bytes]);
      this.#letThrough(gate);
    };
    /** @type {() => void} */
    let end = () => {};
    try {
      return await new Promise((resolve) => {
        end = () => resolve(null);
        editor.on("line", (line) => {
          this.#remember(line);
          resolve(Buffer.from(`${line}\n`));
        });
        editor.on("SIGINT", () => {
          process.stdout.write("^C"); // as a terminal echoes it; Python goes on from there
          this.#ahead = Buffer.alloc(0);
          resolve(undefined);
          this.#onInterrupt();
        });
        editor.on("close", end); // Ctrl-D
        this.#cancel = () => resolve(undefined);
        editor.prompt();
        terminal.on("data", typed);
        terminal.on("end", end); // it was closed
        terminal.resume();
        this.#letThrough(gate);
      });
    } finally {
      this.#cancel = undefined;
      terminal.off("data", typed).off("end", end);
      terminal.pause();
      editor.close();
    }
  }

  /**
   * Shows the editor what has been typed, up to the first line end.
   * @param {LineGate} gate
   */
  #letThrough(gate) {
    const end = this.#ahead.findIndex((byte) => byte === 0x0a || byte === 0x0d);
    let count = end < 0 ? this.#ahead.length : end + 1;
    if (count === 0) return;
    if (this.#ahead[count - 1] === 0x0d && this.#ahead[count] === 0x0a) count++; // one line end, not two
    gate.push(this.#ahead.subarray(0, count));
    this.#ahead = this.#ahead.subarray(count);
  }

  #loadHistory() {
    if (!this.#historyPath) return [];
    try {
      const lines = readFileSync(this.#historyPath, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      return lines.slice(-HISTORY_LINES).reverse();
    } catch {
      return []; // none yet
    }
  }

  /** @param {string} line */
  #remember(line) {
    const history = (this.#history ??= []);
    if (line.trim() === "" || line === history[0]) return;
    history.unshift(line);
    if (!this.#historyPath) return;
    try {
      appendFileSync(this.#historyPath, `${line}\n`);
    } catch {
      this.#historyPath = undefined; // a home that cannot be written to
    }
  }
}
