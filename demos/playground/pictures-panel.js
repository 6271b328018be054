// The pictures pane: shows the image files in Python's home folder, also while they grow.
// SPDX-License-Identifier: MIT
// @ts-check

import { readPPM } from "./ppm.js";

/** @typedef {import("./files.js").FileEntry} FileEntry */

/** @type {Record<string, string>} */
const TYPES = {
  bmp: "image/bmp",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  webp: "image/webp",
};

/** @param {string} path */
const extension = (path) => path.slice(path.lastIndexOf(".") + 1).toLowerCase();

/**
 * Whether a file is one that the pane shows.
 * @param {FileEntry} file
 * @example
 * files.filter(isPicture);
 */
export const isPicture = ({ path }) => extension(path) in TYPES || extension(path) === "ppm";

/**
 * @example
 * const panel = new PicturesPanel(element);
 * await panel.show(files, py.fs);
 */
export class PicturesPanel {
  #list;
  #empty;
  /** @type {Map<string, {figure: HTMLElement, seen: string}>} by path */
  #shown = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#list = /** @type {HTMLElement} */ (element.querySelector(".pictures"));
    this.#empty = /** @type {HTMLElement} */ (element.querySelector(".empty"));
  }

  /**
   * Shows the pictures among these files; those that have not changed are left alone.
   * @param {FileEntry[]} files
   * @param {import("heddle").Python["fs"]} fs
   */
  async show(files, fs) {
    const pictures = files.filter(isPicture);
    for (const [path, { figure }] of this.#shown) {
      if (pictures.some((picture) => picture.path === path)) continue;
      figure.remove();
      this.#shown.delete(path);
    }
    this.#empty.hidden = pictures.length > 0;
    for (const { path, size, mtime } of pictures) {
      const stamp = `${size} ${mtime}`;
      let entry = this.#shown.get(path);
      if (entry?.seen === stamp) continue;
      if (!entry) {
        const figure = document.createElement("figure");
        figure.append(document.createElement("figcaption"));
        this.#list.prepend(figure);
        entry = { figure, seen: "" };
        this.#shown.set(path, entry);
      }
      entry.seen = stamp;
      await draw(entry.figure, path, await fs.readFile(path));
    }
  }
}

/**
 * @param {HTMLElement} figure
 * @param {string} path
 * @param {Uint8Array} bytes
 */
async function draw(figure, path, bytes) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const caption = /** @type {HTMLElement} */ (figure.querySelector("figcaption"));
  try {
    const picture = extension(path) === "ppm" ? drawPPM(figure, bytes) : await decodeImage(path, bytes);
    picture.setAttribute("aria-label", name);
    if (!picture.parentElement) {
      figure.querySelector("img, canvas")?.remove();
      figure.prepend(picture);
    }
    caption.textContent = name;
  } catch {
    caption.textContent = `${name}: not a whole picture yet`;
  }
}

/**
 * @param {HTMLElement} figure
 * @param {Uint8Array} bytes
 */
function drawPPM(figure, bytes) {
  const image = readPPM(bytes);
  const canvas = figure.querySelector("canvas") ?? document.createElement("canvas");
  canvas.setAttribute("role", "img");
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * @param {string} path
 * @param {Uint8Array} bytes
 */
async function decodeImage(path, bytes) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([/** @type {any} */ (bytes)], { type: TYPES[extension(path)] }));
  image.src = url;
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
  return image;
}
