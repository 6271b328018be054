// The files that are open in the editor: their tabs, what is kept of them, and the way to a line.
// SPDX-License-Identifier: MIT
// @ts-check

import { HOME, MAIN } from "./files.js";
import { remember } from "./settings.js";

/** How long after the last change the text is kept. */
const KEEP_AFTER_MS = 300;

/**
 * @typedef {object} OpenFilesSettings
 * @property {() => import("heddle").Python["fs"] | undefined} fs
 * @property {() => void} onShow a file comes into view
 * @property {(text: string) => void} say tells what could not be done
 */

/**
 * @example
 * const openFiles = new OpenFiles(editor, element, { fs, onShow, say });
 * openFiles.show("/home/user/notes.txt", "some text");
 */
export class OpenFiles {
  #editor;
  #tabs;
  #settings;
  /** The program is always open. */
  #files = [MAIN];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keeping;

  /**
   * @param {import("./editor.js").Editor} editor with the program open
   * @param {HTMLElement} tabs
   * @param {OpenFilesSettings} settings
   */
  constructor(editor, tabs, settings) {
    this.#editor = editor;
    this.#tabs = tabs;
    this.#settings = settings;
    this.#showTabs();
  }

  /** The text of the program. */
  get program() {
    return this.#editor.textOf(MAIN) ?? "";
  }

  /** Keeps what is in the editor, a moment after the last change. */
  keepSoon() {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  /** Keeps what is in the editor: the program in this browser, other files in Python's folder. */
  async keep() {
    clearTimeout(this.#keeping);
    remember("code", this.#editor.textOf(MAIN));
    const { fs, say } = this.#settings;
    const folder = fs();
    for (const file of this.#files) {
      if (file === MAIN || !folder) continue;
      await folder.writeFile(file, this.#editor.textOf(file) ?? "").catch((error) => say(error.message));
    }
  }

  /**
   * @param {string} file
   * @param {string} [text] of a file that is opened now
   */
  show(file, text) {
    if (!this.#files.includes(file)) this.#files.push(file);
    this.#editor.open(file, text);
    this.#showTabs();
    this.#settings.onShow();
    this.#editor.focus();
  }

  /**
   * Shows the program, with another text; undo brings the old one back.
   * @param {string} code
   * @returns {boolean} whether it was another one
   */
  replaceProgram(code) {
    this.show(MAIN);
    if (this.#editor.text === code) return false;
    this.#editor.replace(code);
    return true;
  }

  /** @param {string} file it is kept first */
  async close(file) {
    if (!this.#files.includes(file)) return;
    await this.keep();
    this.drop(file);
  }

  /** @param {string} file one that is no longer there: nothing is kept */
  drop(file) {
    if (!this.#files.includes(file)) return;
    this.#files.splice(this.#files.indexOf(file), 1);
    if (this.#editor.file === file) this.#editor.open(MAIN);
    this.#editor.forget(file);
    this.#showTabs();
  }

  /**
   * Goes to a line that a traceback, or a thread, names.
   * @param {string} file
   * @param {number} line
   */
  async goTo(file, line) {
    const path = file.startsWith("/") ? file : `${HOME}/${file}`;
    if (path === `${HOME}/${MAIN}`) {
      this.show(MAIN);
    } else {
      const { fs, say } = this.#settings;
      const text = this.#files.includes(path)
        ? ""
        : await fs()
            ?.readFile(path, "utf8")
            .catch(() => undefined);
      if (text === undefined) return say(`${file} cannot be opened here.`);
      this.show(path, text);
    }
    this.#editor.goTo(line);
  }

  #showTabs() {
    this.#tabs.replaceChildren(...this.#files.map((file) => this.#tab(file)));
  }

  /** @param {string} file */
  #tab(file) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const tab = document.createElement("span");
    tab.className = "file-tab";
    const select = tab.appendChild(document.createElement("button"));
    select.textContent = name;
    select.setAttribute("aria-pressed", String(file === this.#editor.file));
    select.addEventListener("click", () => this.show(file));
    if (file !== MAIN) {
      const close = tab.appendChild(document.createElement("button"));
      close.textContent = "×";
      close.className = "close";
      close.setAttribute("aria-label", `Close ${name}`);
      close.addEventListener("click", () => this.close(file));
    }
    return tab;
  }
}
