// What lies in Python's folders, seen from the page.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {{path: string, size: number, mtime: number}} FileEntry */

/** Where programs run. */
export const HOME = "/home/user";
/** The program, as tracebacks call it; the editor alone has it. */
export const MAIN = "main.py";

/** Folders deeper than this are not looked into. */
const MAX_DEPTH = 4;

/**
 * All files in a folder and below it, sorted by path. A file that goes away meanwhile is left out.
 * @param {import("heddle").Python["fs"]} fs
 * @param {string} folder
 * @returns {Promise<FileEntry[]>}
 * @example
 * for (const { path, size } of await filesBelow(py.fs, "/home/user")) console.log(path, size);
 */
export async function filesBelow(fs, folder, depth = 0) {
  /** @type {FileEntry[]} */
  const found = [];
  for (const name of await fs.readdir(folder)) {
    if (name === "__pycache__") continue;
    const path = `${folder}/${name}`;
    try {
      const stat = await fs.stat(path);
      if (stat.isFile) found.push({ path, size: stat.size, mtime: stat.mtime.getTime() });
      else if (stat.isDirectory && depth < MAX_DEPTH) found.push(...(await filesBelow(fs, path, depth + 1)));
    } catch (error) {
      if (/** @type {any} */ (error).code !== "ENOENT") throw error;
    }
  }
  return found;
}

/**
 * @param {number} bytes
 * @example
 * formatSize(2048); // "2 kB"
 */
export function formatSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
