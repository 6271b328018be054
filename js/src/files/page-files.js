// py.fs: Python's files, from the page.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The calls are asynchronous so that a host whose files are elsewhere can implement them too.

import { FileError } from "../errors.js";

/** @typedef {import("../module/runtime.js").Runtime} Runtime */

/**
 * @typedef {object} FileStat
 * @property {boolean} isFile
 * @property {boolean} isDirectory
 * @property {number} size bytes
 * @property {number} mode permission and type bits
 * @property {Date} mtime last change of the content
 * @property {Date} atime last access
 * @property {Date} ctime last change of anything
 */

const STAT_BYTES = 48;
const TYPE_MASK = 0o170000;
const TYPE_FOLDER = 0o040000;
const TYPE_FILE = 0o100000;

// python.wasm's errno values (WASI's numbers), as far as files can have them.
/** @type {Record<number, [code: string, meaning: string]>} */
const ERRORS = {
  2: ["EACCES", "permission denied"],
  6: ["EAGAIN", "try again"],
  8: ["EBADF", "bad file descriptor"],
  10: ["EBUSY", "in use"],
  19: ["EDQUOT", "quota exceeded"],
  20: ["EEXIST", "it exists already"],
  22: ["EFBIG", "file too large"],
  27: ["EINTR", "interrupted"],
  28: ["EINVAL", "invalid argument"],
  29: ["EIO", "input or output error"],
  31: ["EISDIR", "it is a folder"],
  32: ["ELOOP", "too many symbolic links"],
  33: ["EMFILE", "too many open files"],
  34: ["EMLINK", "too many links"],
  37: ["ENAMETOOLONG", "name too long"],
  41: ["ENFILE", "too many open files in the system"],
  44: ["ENOENT", "no such file or folder"],
  48: ["ENOMEM", "out of memory"],
  51: ["ENOSPC", "no space left"],
  52: ["ENOSYS", "not possible here"],
  54: ["ENOTDIR", "not a folder"],
  55: ["ENOTEMPTY", "folder not empty"],
  58: ["ENOTSUP", "not supported"],
  63: ["EPERM", "not permitted"],
  69: ["EROFS", "read-only"],
  74: ["ETXTBSY", "in use as a program"],
  75: ["EXDEV", "on different file systems"],
};

/**
 * Python's files. Each method rejects with a FileError that has `code` ("ENOENT") and `path`.
 * @example
 * await py.fs.writeFile("/home/user/a.txt", "hello");
 * await py.fs.readFile("/home/user/a.txt", "utf8"); // "hello"
 */
export class PageFiles {
  #use;

  /** @param {(method: string) => Runtime} use gives the runtime, or throws when it is closed */
  constructor(use) {
    this.#use = use;
  }

  /**
   * The content of a file, as bytes or, with "utf8", as text.
   * @overload
   * @param {string} path
   * @param {"utf8"} encoding
   * @returns {Promise<string>}
   */
  /**
   * @overload
   * @param {string} path
   * @returns {Promise<Uint8Array>}
   */
  /**
   * @param {string} path
   * @param {"utf8"} [encoding]
   * @returns {Promise<string | Uint8Array>}
   * @example
   * const text = await py.fs.readFile("/home/user/a.txt", "utf8");
   */
  async readFile(path, encoding) {
    const { result, bytes } = this.#runtime("readFile").callForBytes("heddle_fs_read", path);
    check(result, "readFile", path);
    return encoding === "utf8" ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : bytes;
  }

  /**
   * Makes or replaces a file.
   * @param {string} path
   * @param {string | Uint8Array | ArrayBuffer} content
   * @returns {Promise<void>}
   * @example
   * await py.fs.writeFile("/home/user/data.bin", new Uint8Array([1, 2, 3]));
   */
  async writeFile(path, content) {
    const runtime = this.#runtime("writeFile");
    check(runtime.callWithBytes("heddle_fs_write", path, toBytes(content)), "writeFile", path);
  }

  /**
   * Makes a folder; with `recursive`, also those above it, and it may exist already.
   * @param {string} path
   * @param {{recursive?: boolean}} [options]
   * @returns {Promise<void>}
   * @example
   * await py.fs.mkdir("/home/user/a/b", { recursive: true });
   */
  async mkdir(path, { recursive = false } = {}) {
    const runtime = this.#runtime("mkdir");
    if (recursive) makeFolders(runtime, path);
    else check(runtime.callWithStrings("heddle_fs_mkdir", [path]), "mkdir", path);
  }

  /**
   * The names in a folder, sorted.
   * @param {string} path
   * @returns {Promise<string[]>}
   * @example
   * await py.fs.readdir("/home/user");
   */
  async readdir(path) {
    const { result, bytes } = this.#runtime("readdir").callForBytes("heddle_fs_readdir", path);
    check(result, "readdir", path);
    return new TextDecoder().decode(bytes).split("\0").slice(0, -1).sort();
  }

  /**
   * @param {string} path
   * @returns {Promise<FileStat>}
   * @example
   * const { size, isFile } = await py.fs.stat("/home/user/a.txt");
   */
  async stat(path) {
    const { result, fields } = this.#runtime("stat").callForStruct("heddle_fs_stat", path, STAT_BYTES);
    check(result, "stat", path);
    const mode = fields.getUint32(0, true);
    return {
      mode,
      isFile: (mode & TYPE_MASK) === TYPE_FILE,
      isDirectory: (mode & TYPE_MASK) === TYPE_FOLDER,
      size: Number(fields.getBigInt64(8, true)),
      atime: new Date(fields.getFloat64(16, true)),
      mtime: new Date(fields.getFloat64(24, true)),
      ctime: new Date(fields.getFloat64(32, true)),
    };
  }

  /**
   * Whether there is anything at this path.
   * @param {string} path
   * @returns {Promise<boolean>}
   * @example
   * if (await py.fs.exists("/home/user/a.txt")) …
   */
  async exists(path) {
    return this.#runtime("exists").callForStruct("heddle_fs_stat", path, STAT_BYTES).result === 0;
  }

  /**
   * Removes a file.
   * @param {string} path
   * @returns {Promise<void>}
   * @example
   * await py.fs.unlink("/home/user/a.txt");
   */
  async unlink(path) {
    check(this.#runtime("unlink").callWithStrings("heddle_fs_unlink", [path]), "unlink", path);
  }

  /**
   * Removes an empty folder.
   * @param {string} path
   * @returns {Promise<void>}
   * @example
   * await py.fs.rmdir("/home/user/a");
   */
  async rmdir(path) {
    check(this.#runtime("rmdir").callWithStrings("heddle_fs_rmdir", [path]), "rmdir", path);
  }

  /**
   * @param {string} from
   * @param {string} to
   * @returns {Promise<void>}
   * @example
   * await py.fs.rename("/home/user/a.txt", "/home/user/b.txt");
   */
  async rename(from, to) {
    check(this.#runtime("rename").callWithStrings("heddle_fs_rename", [from, to]), "rename", from);
  }

  /** @param {string} operation */
  #runtime(operation) {
    return this.#use(`fs.${operation}()`);
  }
}

/**
 * Writes a file and makes the folders above it; for use before Python runs.
 * @param {Runtime} runtime
 * @param {string} path
 * @param {string | Uint8Array | ArrayBuffer} content
 * @example
 * placeFile(runtime, "/home/user/data.csv", "a,b\n");
 */
export function placeFile(runtime, path, content) {
  makeFolders(runtime, path.slice(0, path.lastIndexOf("/")));
  check(runtime.callWithBytes("heddle_fs_write", path, toBytes(content)), "writeFile", path);
}

/**
 * Makes a folder and those above it, where they are not there.
 * @param {Runtime} runtime
 * @param {string} path
 * @example
 * makeFolders(runtime, "/home/user");
 */
export function makeFolders(runtime, path) {
  for (let end = path.indexOf("/", 1); ; end = path.indexOf("/", end + 1)) {
    const folder = end < 0 ? path : path.slice(0, end);
    if (folder === "") return;
    const result = runtime.callWithStrings("heddle_fs_mkdir", [folder]);
    if (result < 0 && ERRORS[-result]?.[0] !== "EEXIST") check(result, "mkdir", folder);
    if (end < 0) return;
  }
}

/**
 * @param {number} result
 * @param {string} operation
 * @param {string} path
 */
function check(result, operation, path) {
  if (result >= 0) return;
  const [code, meaning] = ERRORS[-result] ?? [`errno ${-result}`, "unknown error"];
  throw new FileError(operation, path, code, meaning);
}

/** @param {string | Uint8Array | ArrayBuffer} content */
function toBytes(content) {
  if (typeof content === "string") return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}
