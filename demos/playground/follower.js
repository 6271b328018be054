// Follows a running program: its time, its threads, its files.
// SPDX-License-Identifier: MIT
// @ts-check

import { formatSeconds } from "./endings.js";

const CLOCK_MS = 100;
const LOOK_MS = 200;
/** What is out of sight is looked at once in so many times. */
const RARELY = 5;

/**
 * @typedef {object} FollowerParts
 * @property {import("./engine.js").Engine} engine
 * @property {import("./editor.js").Editor} editor
 * @property {import("./views.js").Views} views
 * @property {import("./threads-panel.js").ThreadsPanel} threadsPanel
 * @property {import("./home-folder.js").HomeFolder} home
 * @property {HTMLElement} clock
 */

/**
 * @example
 * const follower = new Follower({ engine, editor, views, threadsPanel, home, clock });
 * follower.begin();
 * await engine.run(code, "main.py");
 * follower.end();
 */
export class Follower {
  #parts;
  /** @type {ReturnType<typeof setInterval>[]} */
  #timers = [];
  #started = 0;
  #looks = 0;

  /** @param {FollowerParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  begin() {
    this.#started = performance.now();
    this.#looks = 0;
    this.#timers = [setInterval(() => this.#showTime(), CLOCK_MS), setInterval(() => this.#look(), LOOK_MS)];
  }

  /** The program has ended: there are no time and no threads to show. */
  end() {
    const { editor, views, threadsPanel, clock } = this.#parts;
    for (const timer of this.#timers) clearInterval(timer);
    clock.textContent = "";
    editor.showThreads([]);
    threadsPanel.reset();
    views.badge("threads", "");
  }

  #showTime() {
    const { engine, clock } = this.#parts;
    if (engine.state !== "running") return;
    clock.textContent = formatSeconds((performance.now() - this.#started) / 1000);
  }

  async #look() {
    const { engine, views, home } = this.#parts;
    this.#looks++;
    if (document.hidden || engine.state === "loading") return;
    const rarely = this.#looks % RARELY === 0;
    if (views.isVisible("threads") || rarely) this.#showThreads();
    if (views.isVisible("files") || views.isVisible("pictures") || rarely) await home.show();
  }

  #showThreads() {
    const { engine, editor, views, threadsPanel } = this.#parts;
    const py = engine.python;
    if (!py) return;
    const threads = py.threads().filter((thread) => thread.state !== "ended");
    const { deadlocked, places } = threadsPanel.show(threads, py.stacks());
    views.badge("threads", deadlocked ? "deadlock" : String(threads.length), deadlocked);
    editor.showThreads(places.filter(({ file }) => file === editor.file));
  }
}
