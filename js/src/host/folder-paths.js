// The paths of a program's open folders, for hosts without /proc: a table beside its descriptors.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Only the table is trusted, not what is at the paths: other programs, and this one, may move folders and put links
// in their places. See guest-files.js for what is checked when.
//
// Concurrency
//   A slot of the descriptor table that is in use keeps its path from being given to another folder. A rename
//   changes the paths of all that lies below, while others read them: so a lock is held while one is read or written,
//   and nothing else is done under it.
//
// This file is part of python.mjs too (wasm/host/imports.js), for the workers: it imports only what is there as well.

import { SLOTS } from "./descriptor-table.js";

const SLOT_BYTES = 1024; // the longest path of macOS
const HEADER_BYTES = 4; // the lock

/**
 * A new table's memory.
 * @returns {SharedArrayBuffer}
 */
export function newFolderPaths() {
  return new SharedArrayBuffer(HEADER_BYTES + SLOTS * SLOT_BYTES);
}

/**
 * @param {typeof import("node:fs")} fs
 * @param {SharedArrayBuffer} memory of newFolderPaths()
 * @param {string} separator of names in a path
 * @example
 * const paths = folderPaths(fs, newFolderPaths(), "/");
 * paths.set(0, "/home/me");
 */
export function folderPaths(fs, memory, separator) {
  const lock = new Int32Array(memory, 0, 1);
  const bytes = new Uint8Array(memory, HEADER_BYTES);

  /**
   * @template T
   * @param {() => T} act
   * @returns {T}
   */
  function locked(act) {
    while (Atomics.compareExchange(lock, 0, 0, 1) !== 0);
    try {
      return act();
    } finally {
      Atomics.store(lock, 0, 0);
    }
  }

  /** @param {number} number */
  function read(number) {
    const slot = bytes.slice(number * SLOT_BYTES, (number + 1) * SLOT_BYTES);
    return Buffer.from(slot.subarray(0, slot.indexOf(0))).toString();
  }

  /**
   * @param {number} number
   * @param {string} path
   */
  function write(number, path) {
    const text = Buffer.from(`${path}\0`);
    if (text.length > SLOT_BYTES) throw Object.assign(new Error("path too long"), { code: "ENAMETOOLONG" });
    bytes.set(text, number * SLOT_BYTES);
  }

  /** @param {string} path */
  function hasNoLinks(path) {
    return fs.realpathSync.native(path) === path;
  }

  return {
    /**
     * @param {number} number a slot of the descriptor table
     * @param {string} path absolute, free of links
     */
    set(number, path) {
      locked(() => write(number, path));
    },

    /**
     * The path of a folder, which has no links at this moment; else an error with the code ELOOP.
     * @param {number} number
     */
    checked(number) {
      const path = locked(() => read(number));
      if (hasNoLinks(path)) return path;
      throw Object.assign(new Error("a link has taken a folder's place"), { code: "ELOOP" });
    },

    /**
     * Whether an open file is the one that a name in this folder stands for.
     * @param {number} number
     * @param {string | Buffer} path
     * @param {import("node:fs").Stats} opened
     */
    isSame(number, path, opened) {
      const named = fs.lstatSync(path);
      return named.ino === opened.ino && named.dev === opened.dev && hasNoLinks(locked(() => read(number)));
    },

    /**
     * A folder, or a file, has a new path.
     * @param {string} from
     * @param {string} to
     */
    moved(from, to) {
      locked(() => {
        for (let number = 0; number < SLOTS; number++) {
          if (bytes[number * SLOT_BYTES] === 0) continue;
          const path = read(number);
          if (path === from || path.startsWith(from + separator)) write(number, to + path.slice(from.length));
        }
      });
    },
  };
}
