// What lies in Python's home folder, in two panes: all files, and the pictures among them.
// SPDX-License-Identifier: MIT
// @ts-check

import { filesBelow, HOME } from "./files.js";
import { isPicture } from "./pictures-panel.js";

/**
 * @typedef {object} HomeFolderParts
 * @property {import("./engine.js").Engine} engine
 * @property {import("./views.js").Views} views
 * @property {import("./files-panel.js").FilesPanel} filesPanel
 * @property {import("./pictures-panel.js").PicturesPanel} picturesPanel
 * @property {(error: unknown) => void} report
 */

/**
 * @example
 * const home = new HomeFolder({ engine, views, filesPanel, picturesPanel, report });
 * await home.show();
 */
export class HomeFolder {
  #parts;
  /** @type {Set<string>} the pictures that were there before this run, as they were */
  #drawnBefore = new Set();

  /** @param {HomeFolderParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** A program is about to begin: only pictures that are new from now on are its own. */
  async expectRun() {
    const fs = this.#parts.engine.python?.fs;
    const files = fs ? await filesBelow(fs, HOME) : [];
    this.#drawnBefore = new Set(files.filter(isPicture).map(stamp));
  }

  /** Shows what is there now. A picture that the running program draws comes into view. */
  async show() {
    const { engine, views, filesPanel, picturesPanel, report } = this.#parts;
    const fs = engine.python?.fs;
    if (!fs) return;
    try {
      const files = await filesBelow(fs, HOME);
      filesPanel.show(files);
      views.badge("files", files.length ? String(files.length) : "");
      await picturesPanel.show(files, fs);
      const pictures = files.filter(isPicture);
      views.badge("pictures", pictures.length ? String(pictures.length) : "");
      const drawn = pictures.some((picture) => !this.#drawnBefore.has(stamp(picture)));
      if (drawn && engine.state === "running") views.offer("pictures");
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "ClosedError") report(error);
    }
  }
}

/** @param {import("./files.js").FileEntry} file */
function stamp(file) {
  return JSON.stringify(file);
}
