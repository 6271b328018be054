// The files pane: what lies in Python's home folder; in by dropping, out by downloading.
// SPDX-License-Identifier: MIT
// @ts-check

import { formatSize } from "./files.js";

/** @typedef {import("./files.js").FileEntry} FileEntry */

/** Larger files are not opened in the editor. */
const MAX_EDIT_BYTES = 1e6;

/**
 * @typedef {object} FilesPanelSettings
 * @property {string} home the folder that paths are shown relative to
 * @property {() => import("heddle").Python["fs"] | undefined} fs
 * @property {(path: string, text: string) => void} onOpen
 * @property {(path: string) => void} onDelete
 * @property {(text: string) => void} say tells what happened, or what did not
 */

/**
 * @example
 * const panel = new FilesPanel(element, { home: "/home/user", fs, onOpen, onDelete, say });
 * panel.show(await filesBelow(py.fs, "/home/user"));
 */
export class FilesPanel {
  #element;
  #list;
  #settings;
  #seen = "";

  /**
   * @param {HTMLElement} element
   * @param {FilesPanelSettings} settings
   */
  constructor(element, settings) {
    this.#element = element;
    this.#list = /** @type {HTMLElement} */ (element.querySelector("ul"));
    this.#settings = settings;
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input[type=file]"));
    element.querySelector(".add")?.addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      await this.add([...(input.files ?? [])]);
      input.value = "";
    });
  }

  /**
   * Lets files be dropped on an element.
   * @param {HTMLElement} target
   */
  acceptDrops(target) {
    /** @param {DragEvent} event */
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    target.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      target.classList.add("drop");
    });
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(/** @type {Node | null} */ (event.relatedTarget))) target.classList.remove("drop");
    });
    // Before the editor, which would take a text file for its own.
    target.addEventListener(
      "drop",
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        target.classList.remove("drop");
        void this.add([...(event.dataTransfer?.files ?? [])]);
      },
      { capture: true },
    );
  }

  /** @param {File[]} files */
  async add(files) {
    const { fs, home, say } = this.#settings;
    const names = [];
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (await this.#attempt(async () => await use(fs).writeFile(`${home}/${file.name}`, bytes))) {
        names.push(file.name);
      }
    }
    if (names.length) say(`Added ${names.join(", ")}.`);
  }

  /** @param {FileEntry[]} files */
  show(files) {
    const seen = JSON.stringify(files.map(({ path, size }) => [path, size]));
    if (seen === this.#seen) return;
    this.#seen = seen;
    /** @type {HTMLElement | null} */ (this.#element.querySelector(".empty"))?.toggleAttribute(
      "hidden",
      files.length > 0,
    );
    const focused =
      this.#list.contains(document.activeElement) && document.activeElement?.getAttribute("aria-label");
    this.#list.replaceChildren(...files.map((file) => this.#item(file)));
    if (focused) {
      /** @type {HTMLElement | null} */ (
        this.#list.querySelector(`[aria-label=${CSS.escape(focused)}]`)
      )?.focus();
    }
  }

  /** @param {FileEntry} file */
  #item({ path, size }) {
    const { fs, home, onDelete, say } = this.#settings;
    const name = path.slice(home.length + 1);
    const item = document.createElement("li");
    const open = button("link name", name, `Open ${name}`, () => this.#attempt(() => this.#open(path, size)));
    const sizeElement = document.createElement("span");
    sizeElement.className = "size";
    sizeElement.textContent = formatSize(size);
    const download = button("icon", "↓", `Download ${name}`, () =>
      this.#attempt(async () => save(name, await use(fs).readFile(path))),
    );
    const remove = button("icon", "×", `Delete ${name}`, () =>
      this.#attempt(async () => {
        await use(fs).unlink(path);
        onDelete(path);
        say(`Deleted ${name}.`);
      }),
    );
    item.append(open, sizeElement, download, remove);
    return item;
  }

  /**
   * @param {string} path
   * @param {number} size
   */
  async #open(path, size) {
    const { fs, home, onOpen, say } = this.#settings;
    const name = path.slice(home.length + 1);
    if (size > MAX_EDIT_BYTES) {
      say(`${name} is too large for the editor (${formatSize(size)}). Download it instead.`);
      return;
    }
    const bytes = await use(fs).readFile(path);
    try {
      onOpen(path, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(`${name} is not a text file. Download it instead.`);
    }
  }

  /** @param {() => Promise<void>} action */
  async #attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.#settings.say(/** @type {Error} */ (error).message);
      return false;
    }
  }
}

/** @param {FilesPanelSettings["fs"]} fs */
function use(fs) {
  const files = fs();
  if (!files) throw new Error("Python is not loaded yet. Try again in a moment.");
  return files;
}

/**
 * @param {string} className
 * @param {string} text
 * @param {string} label
 * @param {() => void} onClick
 */
function button(className, text, label, onClick) {
  const element = document.createElement("button");
  element.className = className;
  element.textContent = text;
  element.title = label;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", onClick);
  return element;
}

/**
 * Downloads bytes as a file.
 * @param {string} name
 * @param {Uint8Array} bytes
 */
function save(name, bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {any} */ (bytes)]));
  link.download = name.slice(name.lastIndexOf("/") + 1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
