// Files that nobody may touch, and whether somebody did: by names, contents, inodes and all times.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";

/**
 * @example
 * const sentinels = new Sentinels("/data/outside");
 * sentinels.check("after the first program");
 */
export class Sentinels {
  #folder;
  /** @type {Map<string, {content: string, stamp: string}>} by path; a folder's content is its names */
  #known;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    this.#known = this.#look();
  }

  /**
   * Throws an AssertionError if anything was read, listed, changed, made or removed since the last look.
   * @param {string} message
   */
  check(message) {
    // Times first: the look itself changes them.
    for (const [path, { stamp }] of this.#known) assert.equal(stampOf(path), stamp, `${message}: ${path}`);
    const seen = this.#look();
    assert.deepEqual(contents(seen), contents(this.#known), message);
    this.#known = seen;
  }

  #look() {
    /** @type {Map<string, {content: string, stamp: string}>} */
    const seen = new Map();
    /** @param {string} path */
    const visit = (path) => {
      const isFolder = lstatSync(path).isDirectory();
      const names = isFolder ? readdirSync(path).sort() : [];
      seen.set(path, { content: isFolder ? names.join("\n") : readFileSync(path, "latin1"), stamp: "" });
      for (const name of names) visit(join(path, name));
    };
    visit(this.#folder);
    for (const [path, entry] of seen) {
      // Even where times of access are kept sparingly, a read brings one up to date that is before the last change.
      utimesSync(path, 1e9, 1.1e9);
      entry.stamp = stampOf(path);
    }
    return seen;
  }
}

/** @param {string} path */
function stampOf(path) {
  const { ino, mode, nlink, size, atimeNs, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
  return [ino, mode, nlink, size, atimeNs, mtimeNs, ctimeNs].join(" ");
}

/** @param {Map<string, {content: string}>} seen */
const contents = (seen) => [...seen].map(([path, { content }]) => [path, content]);
