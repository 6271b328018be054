// <heddle-cell>: a program in a page that its reader can change and run.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   <script type="module">import "heddle/cell";</script>
//   <heddle-cell>print("hello")</heddle-cell>
//
// The element's text is the program; inside <script type="text/x-python"> it needs no &lt; for <.
// All cells of a page share one Python, with its variables. It is loaded when the first one runs.
// Attributes: `autorun` runs it at once, `readonly` keeps it as it is, `label` names it for screen readers.
// Its parts can be styled: ::part(program), ::part(button), ::part(output), ::part(input).
// HeddleCell.options are loadPython()'s, to be set before the first run.

import { loadPython } from "./index.js";
import { DEFAULT_GRACE_MS } from "./session/grace.js";

/** @typedef {import("./python.js").Python} Python */

/** The most characters of its output that a cell keeps. */
const MAX_OUTPUT = 200_000;
const MAX_ROWS = 30;

const TEMPLATE = `
<style>
  :host { display: block; margin: 1em 0; font: 14px/1.5 ui-monospace, monospace; }
  * { box-sizing: border-box; font: inherit; color: inherit; }
  textarea, pre { display: block; width: 100%; margin: 0; padding: 0.6em 0.8em; border: 1px solid #8888;
    border-radius: 6px; background: none; tab-size: 4; }
  textarea { resize: vertical; white-space: pre; overflow: auto; }
  pre { border-color: #8884; white-space: pre-wrap; overflow: auto; overflow-wrap: anywhere; max-height: 24em; }
  pre:empty, [hidden] { display: none; }
  div, form { display: flex; gap: 0.5em; align-items: center; margin: 0.4em 0; }
  button, span[role] { font: 14px/1.5 system-ui, sans-serif; }
  button { padding: 0.2em 1em; border: 1px solid #8888; border-radius: 6px; background: #8882; cursor: pointer; }
  button:disabled { opacity: 0.5; cursor: default; }
  input { flex: 1; padding: 0.2em 0.6em; border: 1px solid #8888; border-radius: 6px; background: none; }
  .err { color: light-dark(#b42318, #ff9d94); }
  :focus-visible { outline: 2px solid; outline-offset: 1px; }
</style>
<textarea part="program" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea>
<div>
  <button part="button" class="run">Run</button>
  <button part="button" class="stop" disabled>Stop</button>
  <span role="status"></span>
</div>
<pre part="output" role="log" aria-live="off" aria-label="Output" tabindex="0"></pre>
<form hidden>
  <input part="input" aria-label="Input for the program" autocomplete="off" />
  <button part="button">Enter</button>
</form>`;

/** @type {Promise<Python> | undefined} the page's */
let python;
/** @type {HeddleCell | undefined} the cell that runs, or ran last: output goes there */
let current;

/** Programs run one after the other. */
let turn = Promise.resolve();

function sharedPython() {
  python ??= load();
  return python;
}

async function load() {
  return await loadPython({
    ...HeddleCell.options,
    stdout: (text) => current?.print(text),
    stderr: (text) => current?.print(text, "err"),
    stdin: () => current?.readLine() ?? null,
  });
}

/**
 * @example
 * document.querySelector("heddle-cell").run();
 */
export class HeddleCell extends (globalThis.HTMLElement ?? Object) {
  /** For loadPython(). @type {import("./load-python.js").LoadOptions} */
  static options = {};

  #root = this.attachShadow({ mode: "open" });
  #built = false;
  /** @type {(line: string | null) => void} */
  #answer = () => {};
  /** @type {(() => void) | undefined} ends the run of a program that has not begun */
  #takeBack;

  connectedCallback() {
    // Scripts run while the page is still being read: the program may not be there yet.
    if (document.readyState !== "loading") this.#build();
    else document.addEventListener("DOMContentLoaded", () => this.#build(), { once: true });
  }

  /** The program. @type {string} */
  get code() {
    this.#build();
    return this.#find("textarea").value;
  }

  set code(text) {
    this.#build();
    const area = this.#find("textarea");
    area.value = text;
    area.rows = Math.min(Math.max(text.split("\n").length, 2), MAX_ROWS);
  }

  /**
   * Runs the program, after those of other cells that were started before. Its errors are output: it
   * never rejects.
   */
  async run() {
    this.#build();
    const run = this.#find(".run");
    if (run.disabled) return;
    run.disabled = true;
    this.#find(".stop").disabled = false;
    this.#output.replaceChildren();
    this.#say(python ? "waits for its turn…" : "loading Python…");
    const ticket = { takenBack: false };
    const ended = (turn = turn.then(() => this.#runNow(ticket)));
    const takenBack = new Promise((resolve) => {
      this.#takeBack = () => resolve((ticket.takenBack = true));
    });
    await Promise.race([ended, takenBack]);
    this.#takeBack = undefined;
    this.#say(ticket.takenBack ? "stopped before it began" : "");
    run.disabled = false;
    this.#find(".stop").disabled = true;
    this.#find("form").hidden = true;
    this.#answer(null); // an end of file that nobody waits for is nothing; the next input() asks again
  }

  /**
   * Stops the program, or takes it back while it waits for its turn or for Python. One that does not end
   * is given up after 3 seconds, with the page's Python.
   */
  async stop() {
    if (this.#takeBack) this.#takeBack();
    else if (current === this && this.#find(".run").disabled)
      (await python)?.interrupt(undefined, { grace: DEFAULT_GRACE_MS });
  }

  /**
   * Adds to the output.
   * @param {string} text
   * @param {"out" | "err"} [kind]
   */
  print(text, kind = "out") {
    const output = this.#output;
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    output.append(span);
    this.#printed += text.length;
    for (; this.#printed > MAX_OUTPUT && output.firstChild !== span; output.firstChild?.remove()) {
      this.#printed -= output.firstChild?.textContent?.length ?? 0;
    }
    output.scrollTop = output.scrollHeight;
  }

  /** Asks the reader for a line; null when the program has ended without it. @returns {Promise<string | null>} */
  readLine() {
    this.#find("form").hidden = false;
    this.#find("input").focus();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  #printed = 0;

  get #output() {
    return this.#find("pre");
  }

  /** @param {{takenBack: boolean}} ticket */
  async #runNow(ticket) {
    if (ticket.takenBack) return;
    this.#printed = 0;
    try {
      const py = await sharedPython();
      if (ticket.takenBack) return;
      this.#takeBack = undefined;
      current = this;
      this.#say("running");
      await py.run(this.code, { filename: this.getAttribute("label") ?? "cell.py" });
    } catch (error) {
      const { name, message, traceback } = /** @type {any} */ (error);
      if (name !== "PythonError") python = undefined; // it is gone: the next program gets a new one
      if (!ticket.takenBack) this.print(traceback ?? `${message}\n`, "err");
    }
  }

  #build() {
    if (this.#built) return;
    this.#built = true;
    const program = dedent(this.textContent ?? "");
    this.#root.innerHTML = TEMPLATE;
    const area = this.#find("textarea");
    area.readOnly = this.hasAttribute("readonly");
    area.setAttribute("aria-label", this.getAttribute("label") ?? "Python program");
    area.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#type(event));
    this.#find(".run").addEventListener("click", () => this.run());
    this.#find(".stop").addEventListener("click", () => this.stop());
    this.#find("form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const input = this.#find("input");
      this.print(`${input.value}\n`);
      this.#find("form").hidden = true;
      this.#answer(input.value);
      input.value = "";
    });
    this.code = program;
    if (this.hasAttribute("autorun")) void this.run();
  }

  /** @param {KeyboardEvent} event */
  #type(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return void this.run();
    const area = this.#find("textarea");
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
    const [indent] = /^ */.exec(line) ?? [""];
    const deeper = /:\s*(#.*)?$/.test(line) ? "    " : "";
    area.setRangeText(`\n${indent}${deeper}`, area.selectionStart, area.selectionEnd, "end");
  }

  /** @param {string} text */
  #say(text) {
    this.#find("span").textContent = text;
  }

  /** @param {string} selector @returns {any} */
  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

/**
 * The program without the indentation that it has in the page.
 * @param {string} text
 */
function dedent(text) {
  const lines = text
    .replace(/^\s*\n/, "")
    .trimEnd()
    .split("\n");
  const indents = lines.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common)).join("\n");
}

if (globalThis.customElements && !customElements.get("heddle-cell"))
  customElements.define("heddle-cell", HeddleCell);
