// The meaning of a negative errno of python.wasm's file functions.
// SPDX-License-Identifier: MIT
// @ts-check

import { FileError } from "../errors.js";
import { Errno } from "../module/host-layout.js";

// Those that files can have.
const MEANINGS = {
  EACCES: "permission denied",
  EAGAIN: "try again",
  EBADF: "bad file descriptor",
  EBUSY: "in use",
  EDQUOT: "quota exceeded",
  EEXIST: "it exists already",
  EFBIG: "file too large",
  EINTR: "interrupted",
  EINVAL: "invalid argument",
  EIO: "input or output error",
  EISDIR: "it is a folder",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  EMLINK: "too many links",
  ENAMETOOLONG: "name too long",
  ENFILE: "too many open files in the system",
  ENOENT: "no such file or folder",
  ENOMEM: "out of memory",
  ENOSPC: "no space left",
  ENOSYS: "not possible here",
  ENOTDIR: "not a folder",
  ENOTEMPTY: "folder not empty",
  ENOTSUP: "not supported",
  EPERM: "not permitted",
  EROFS: "read-only",
  ETXTBSY: "in use as a program",
  EXDEV: "on different file systems",
};

/** @type {Map<number, [code: string, meaning: string]>} */
const ERRORS = new Map(
  Object.entries(MEANINGS).map(([code, meaning]) => [
    Errno[/** @type {keyof typeof MEANINGS} */ (code)],
    [code, meaning],
  ]),
);

/**
 * Throws a FileError if the result is a negative errno.
 * @param {number} result
 * @param {string} operation
 * @param {string} path
 * @example
 * check(calls.mkdir("/home"), "mkdir", "/home"); // FileError: EEXIST
 */
export function check(result, operation, path) {
  if (result >= 0) return;
  const [code, meaning] = codeAndMeaning(result);
  throw new FileError(operation, path, code, meaning);
}

/**
 * Why a folder could not be mounted, and what to do.
 * @param {string} hostPath
 * @param {string} path
 * @param {number} result of mounting, a negative errno
 * @example
 * mountRefusal("/home/me", "/usr", -Errno.ENOTEMPTY); // cannot mount /home/me at /usr: ENOTEMPTY: …
 */
export function mountRefusal(hostPath, path, result) {
  const reason = codeAndMeaning(result).join(": ");
  return `cannot mount ${hostPath} at ${path}: ${reason}. Choose a path where Python has no files of its own.`;
}

/**
 * @param {number} result
 * @returns {[code: string, meaning: string]}
 */
function codeAndMeaning(result) {
  return ERRORS.get(-result) ?? [`errno ${-result}`, "unknown error"];
}
