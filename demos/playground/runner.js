// One run of the program: clears what the last one left, follows this one, and tells how it ended.
// SPDX-License-Identifier: MIT
// @ts-check

import { describeEnding, describeError, ownFrame } from "./endings.js";
import { MAIN } from "./files.js";

/**
 * @typedef {object} RunnerParts
 * @property {import("./engine.js").Engine} engine
 * @property {import("./editor.js").Editor} editor
 * @property {import("./open-files.js").OpenFiles} openFiles
 * @property {import("./output.js").Output} output
 * @property {import("./output-pane.js").OutputPane} outputPane
 * @property {import("./thread-names.js").ThreadNames} names
 * @property {import("./threads-panel.js").ThreadsPanel} threadsPanel
 * @property {import("./home-folder.js").HomeFolder} home
 * @property {import("./follower.js").Follower} follower
 * @property {import("./views.js").Views} views
 * @property {import("./status.js").Status} status
 */

/**
 * @example
 * const runner = new Runner({ engine, editor, ... });
 * await runner.run();
 */
export class Runner {
  #parts;

  /** @param {RunnerParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Runs the program to its end, unless one runs, or Python could not be loaded. */
  async run() {
    const { engine, openFiles, output, home, follower, status } = this.#parts;
    if (!status.canRun || engine.state === "failed") return;
    status.expectRun();
    const isLoading = engine.state === "loading";
    this.#clear();
    if (isLoading) status.say("Runs as soon as Python is loaded…");
    await openFiles.keep();
    await home.expectRun();
    follower.begin();
    const ending = await engine.run(openFiles.program, MAIN);
    output.flush();
    follower.end();
    await home.show();
    if (!ending) return;
    const { status: text, note } = describeEnding(ending);
    status.say(text);
    if (note) output.writeLine(note, "note");
  }

  /**
   * Shows what the program raised.
   * @param {any} error
   */
  showError(error) {
    const { editor, output } = this.#parts;
    if (error.type === "SystemExit") {
      const text = typeof error.code === "number" ? `exit code ${error.code}` : String(error.message);
      output.writeLine(text, "note");
      return;
    }
    output.writeLine(error.traceback.trimEnd(), "err");
    const frame = ownFrame(error);
    if (frame && editor.file === MAIN) editor.markError({ line: frame.line, message: describeError(error) });
  }

  /** Takes away what the last run has left. */
  #clear() {
    const { editor, output, outputPane, names, threadsPanel, views } = this.#parts;
    output.clear();
    outputPane.hideHint();
    editor.markError(null);
    names.reset();
    threadsPanel.reset();
    views.forgetChoice();
    if (views.narrow) views.show("output");
  }
}
