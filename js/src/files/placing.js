// Puts files and folders where they may not be yet, with the folders above them.
// SPDX-License-Identifier: MIT
// @ts-check

import { bytesOf } from "../bytes.js";
import { Errno } from "../module/host-layout.js";
import { check } from "./errno.js";

/** @typedef {import("./files-exports.js").FilesExports} FilesExports */

/**
 * Writes a file and makes the folders above it; for use before Python runs.
 * @param {FilesExports} calls
 * @param {string} path
 * @param {string | Uint8Array | ArrayBuffer} content
 * @example
 * placeFile(calls, "/home/user/data.csv", "a,b\n");
 */
export function placeFile(calls, path, content) {
  makeFolders(calls, path.slice(0, path.lastIndexOf("/")));
  check(calls.write(path, toBytes(content)), "writeFile", path);
}

/**
 * Makes a folder and those above it, where they are not there.
 * @param {FilesExports} calls
 * @param {string} path
 * @example
 * makeFolders(calls, "/home/user");
 */
export function makeFolders(calls, path) {
  for (let end = path.indexOf("/", 1); ; end = path.indexOf("/", end + 1)) {
    const folder = end < 0 ? path : path.slice(0, end);
    if (folder === "") return;
    const result = calls.mkdir(folder);
    if (result !== -Errno.EEXIST) check(result, "mkdir", folder);
    if (end < 0) return;
  }
}

/**
 * @param {string | Uint8Array | ArrayBuffer} content
 * @returns {Uint8Array}
 * @example
 * toBytes("é"); // Uint8Array [0xc3, 0xa9]
 */
export function toBytes(content) {
  if (typeof content === "string") return new TextEncoder().encode(content);
  return bytesOf(content);
}
