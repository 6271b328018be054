// The panel of threads: who is there, what each waits for, who holds it, and where it is in the program.
// SPDX-License-Identifier: MIT
// @ts-check

import { circlesOfWaits, describeCircle } from "./deadlock.js";
import { isLibrary, libraryWait } from "./library-waits.js";

/** @typedef {import("./deadlock.js").Thread} Thread */
/** @typedef {{ident: number, name: string, frames: {filename: string, line: number, name: string}[]}} Stack */

/** A circle of waits that is younger than this may resolve itself: a lock is just being handed over. */
const SETTLED_MS = 400;

const WORDS = {
  lock: "a lock",
  rlock: "an RLock",
  semaphore: "a semaphore",
  event: "an event",
  condition: "a condition",
  thread: "a thread",
  sleep: "time to pass",
  signal: "a signal",
  io: "input or output",
  interpreter: "its turn (the interpreter lock)",
};

/** Kinds of waits that the library's own things are made of. */
const MADE_OF_LOCKS = new Set(["condition", "interpreter"]);

/**
 * @example
 * const panel = new ThreadsPanel(element, { names, onPlace });
 * panel.show(py.threads(), py.stacks());
 */
export class ThreadsPanel {
  #list;
  #deadlock;
  #empty;
  #names;
  #onPlace;
  /** @type {Map<number, string>} locks by address, in the order in which they are met */
  #locks = new Map();

  /**
   * @param {HTMLElement} element
   * @param {{names: import("./thread-names.js").ThreadNames, onPlace: (file: string, line: number) => void}} settings
   */
  constructor(element, { names, onPlace }) {
    this.#list = /** @type {HTMLElement} */ (element.querySelector("tbody"));
    this.#deadlock = /** @type {HTMLElement} */ (element.querySelector(".deadlock"));
    this.#empty = /** @type {HTMLElement} */ (element.querySelector(".empty"));
    this.#names = names;
    this.#onPlace = onPlace;
  }

  /** Forgets the last program's locks. */
  reset() {
    this.#locks.clear();
    this.show([], []);
  }

  /**
   * @param {Thread[]} threads
   * @param {Stack[]} stacks
   * @returns {{deadlocked: boolean, places: (import("./editor.js").ThreadPlace & {file: string})[]}}
   */
  show(threads, stacks) {
    const circles = circlesOfWaits(threads).filter((circle) =>
      circle.every(({ since }) => since >= SETTLED_MS),
    );
    const stuck = new Set(circles.flat());
    const sentences = circles.map((circle) => describeCircle(circle, (thread) => this.#nameOfLock(thread)));
    // It is an alert: only a new text may be put into it.
    const text = sentences.join(" ");
    if (this.#deadlock.textContent !== text) this.#deadlock.textContent = text;
    this.#deadlock.hidden = text === "";
    this.#empty.hidden = threads.length > 0;
    /** @type {(import("./editor.js").ThreadPlace & {file: string})[]} */
    const places = [];
    const rows = threads.map((thread, index) => {
      const frames = stacks.find(({ ident }) => ident === thread.ident)?.frames ?? [];
      const frame = frames.findLast((one) => !isLibrary(one)) ?? frames.at(-1);
      const { name, colour } = this.#names.writer(thread);
      if (frame) places.push({ file: frame.filename, line: frame.line, name, colour });
      const waits = this.#describeWait(thread, threads, frames);
      return this.#fill(this.#row(index), thread, { frame, waits, stuck: stuck.has(thread) });
    });
    while (this.#list.children.length > rows.length) this.#list.lastElementChild?.remove();
    return { deadlocked: circles.length > 0, places };
  }

  /**
   * Rows are kept: a button that is about to be clicked must not be replaced.
   * @param {number} index
   */
  #row(index) {
    const present = this.#list.children[index];
    if (present) return /** @type {HTMLTableRowElement} */ (present);
    const row = document.createElement("tr");
    row.innerHTML =
      '<th scope="row"><i class="swatch" aria-hidden="true"></i><span class="name"></span></th>' +
      '<td class="state"></td><td class="waits"></td><td class="place"><button class="link"></button></td>';
    const button = /** @type {HTMLElement} */ (row.querySelector("button"));
    button.addEventListener("click", () =>
      this.#onPlace(button.dataset.file ?? "", Number(button.dataset.line)),
    );
    this.#list.append(row);
    return row;
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {Thread} thread
   * @param {{frame: Stack["frames"][number] | undefined, waits: string, stuck: boolean}} facts
   */
  #fill(row, thread, { frame, waits, stuck }) {
    const { name, colour } = this.#names.writer(thread);
    row.classList.toggle("stuck", stuck);
    const swatch = /** @type {HTMLElement} */ (row.querySelector(".swatch"));
    swatch.className = `swatch thread-${colour}`;
    const nameElement = /** @type {HTMLElement} */ (row.querySelector(".name"));
    setText(nameElement, name);
    nameElement.title = `${name}\nident ${thread.ident}${thread.daemon ? ", daemon" : ""}`;
    const state = /** @type {HTMLElement} */ (row.querySelector(".state"));
    setText(state, thread.state);
    state.dataset.state = thread.state;
    setText(/** @type {HTMLElement} */ (row.querySelector(".waits")), waits);
    const button = /** @type {HTMLElement} */ (row.querySelector("button"));
    button.hidden = !frame;
    if (frame) {
      const file = frame.filename.slice(frame.filename.lastIndexOf("/") + 1);
      setText(button, `${file}:${frame.line}`);
      button.title = `in ${frame.name}`;
      button.setAttribute("aria-label", `${name}: line ${frame.line} of ${file}, in ${frame.name}`);
      Object.assign(button.dataset, { file: frame.filename, line: frame.line });
    }
    return row;
  }

  /**
   * @param {Thread} thread
   * @param {Thread[]} threads
   * @param {Stack["frames"]} frames
   */
  #describeWait(thread, threads, frames) {
    if (!thread.waitingOn) return thread.state === "waiting" ? "" : "–";
    const holder = threads.find(({ ident }) => ident === thread.heldBy)?.name;
    const time = `${(thread.since / 1000).toFixed(1)}\u00a0s`; // in one piece: the column is narrow
    if (thread.waitingOn.kind === "thread") return `${holder ?? "a thread"} to end, ${time}`;
    if (MADE_OF_LOCKS.has(thread.waitingOn.kind)) {
      const what = libraryWait(frames);
      if (what) return `${what}, ${time}`;
    }
    return `${this.#nameOfLock(thread)}${holder ? `, held by ${holder}` : ""}, ${time}`;
  }

  /** @param {Thread} thread */
  #nameOfLock({ waitingOn }) {
    if (!waitingOn) return "";
    const { kind, address } = waitingOn;
    if (kind !== "lock" && kind !== "rlock") return WORDS[/** @type {keyof typeof WORDS} */ (kind)] ?? kind;
    let name = this.#locks.get(address);
    if (!name) {
      const count = this.#locks.size;
      const letter = String.fromCharCode(65 + (count % 26));
      name = count < 26 ? letter : `${letter}${Math.floor(count / 26)}`;
      this.#locks.set(address, name);
    }
    return `${kind === "rlock" ? "RLock" : "lock"} ${name}`;
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
