// Opens the file that a URL names in a folder, and never one outside of it.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Names can change their meaning at any moment: links and folders are swapped. So a file is opened first and checked
// then, by its descriptor, and its bytes are read from that same descriptor.

import { constants } from "node:fs";
import { open, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** What the system says of names that cannot be served. All else is a trouble of the server's own. */
const NOT_SERVED = new Set([
  ...["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EINVAL"], // no such name
  ...["EACCES", "EPERM"], // may not be read
  ...["ENXIO", "ENODEV", "EOPNOTSUPP"], // a socket, or a device without a driver
]);

const CHUNK_BYTES = 64 * 1024;

/**
 * @typedef {object} ServedFile
 * @property {import("node:fs/promises").FileHandle} handle the caller closes it
 * @property {string} path
 * @property {number} size
 * @property {string} version changes with the file
 * @property {boolean} isIndex the URL names a folder, and this is its index.html
 */

/**
 * Opens what a URL's path names: a file, or the index.html of a folder. undefined: there is nothing to serve.
 * @param {string} folder
 * @param {string[]} names of the path, decoded
 * @returns {Promise<ServedFile | undefined>}
 * @example
 * const file = await openServed("/srv/site", ["docs", "index.html"]);
 */
export async function openServed(folder, names) {
  try {
    const root = await realpath(folder); // each time: it may be made anew while it is served
    const named = join(root, ...names);
    const isIndex = (await stat(named)).isDirectory();
    const path = isIndex ? join(named, "index.html") : named;
    const handle = await openWithin(root, path);
    if (!handle) return undefined;
    const { size, mtimeMs } = await handle.stat();
    return { handle, path, size, version: `"${size.toString(36)}-${mtimeMs.toString(36)}"`, isIndex };
  } catch (error) {
    if (NOT_SERVED.has(/** @type {NodeJS.ErrnoException} */ (error).code ?? "")) return undefined;
    throw error;
  }
}

/**
 * Opens a regular file. undefined: it is none, or a link has led out of the folder.
 * @param {string} root a real path
 * @param {string} path
 * @example
 * const handle = await openWithin("/srv/site", "/srv/site/index.html");
 */
export async function openWithin(root, path) {
  // Only to spare others: an open lets the writer of a FIFO go, and some devices act on it.
  if (!(await stat(path)).isFile()) return undefined;
  // Should it be a FIFO by now: O_NONBLOCK waits for no writer. (Windows has no such flag, and no FIFOs.)
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  let isServed = false;
  try {
    isServed = (await handle.stat()).isFile() && isWithin(root, await realPathOf(handle, path));
  } finally {
    if (!isServed) await handle.close();
  }
  return isServed ? handle : undefined;
}

/**
 * Where the opened file is. Linux knows it of the descriptor; elsewhere the name is asked once more.
 * @param {import("node:fs/promises").FileHandle} handle
 * @param {string} path
 */
const realPathOf = (handle, path) => readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path));

/** @param {string} root @param {string} path */
const isWithin = (root, path) => path.startsWith(root.endsWith(sep) ? root : root + sep);

/**
 * The bytes of a file, as many as were promised. Throws when it has become shorter.
 * @param {ServedFile} file
 * @example
 * await pipeline(contents(file), response);
 */
export async function* contents({ handle, path, size }) {
  for (let at = 0; at < size;) {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) throw new Error(`${path} has become shorter: ${at} bytes, not ${size}`);
    yield bytes.subarray(0, bytesRead);
    at += bytesRead;
  }
}
