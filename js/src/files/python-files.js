// py.fs: Python's files, for the embedder.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The calls are asynchronous so that a host whose files are elsewhere can implement them too.

import { checkBoolean, checkContent, checkOptions, HALF_CHARACTER, kindOf, refusal } from "../checks.js";
import { FileError, OptionError } from "../errors.js";
import { check } from "./errno.js";
import { makeFolders, toBytes } from "./placing.js";

/** @typedef {import("./files-exports.js").FilesExports} FilesExports */

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

const TYPE_MASK = 0o170000;
const TYPE_FOLDER = 0o040000;
const TYPE_FILE = 0o100000;

/** Names of one folder, with the 0 after each. Many more would fill an engine's heap, which ends the process. */
const MOST_NAME_BYTES = 64 * 2 ** 20;

/**
 * Python's files. Each method rejects with a FileError that has `code` ("ENOENT") and `path`. A relative path
 * begins at Python's current folder.
 * @example
 * await py.fs.writeFile("/home/user/a.txt", "hello");
 * await py.fs.readFile("/home/user/a.txt", "utf8"); // "hello"
 */
export class PythonFiles {
  #use;

  /** @param {(method: string) => FilesExports} use gives them, or throws when Python is closed */
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
    const calls = this.#calls("readFile", path);
    if (encoding !== undefined && encoding !== "utf8") {
      const seen = typeof encoding === "string" ? JSON.stringify(encoding) : kindOf(encoding);
      throw new OptionError(
        `heddle: fs.readFile(): encoding is ${seen}. Give "utf8", or leave it out for bytes.`,
      );
    }
    const { result, bytes } = calls.read(path);
    check(result, "readFile", path);
    return encoding === "utf8" ? textOf(bytes, path) : bytes;
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
    const calls = this.#calls("writeFile", path);
    const bytes = toBytes(checkContent(content, "fs.writeFile(): content"));
    check(calls.write(path, bytes), "writeFile", path);
  }

  /**
   * Makes a folder; with `recursive`, also those above it, and it may exist already.
   * @param {string} path
   * @param {{recursive?: boolean}} [options]
   * @returns {Promise<void>}
   * @example
   * await py.fs.mkdir("/home/user/a/b", { recursive: true });
   */
  async mkdir(path, options = {}) {
    const calls = this.#calls("mkdir", path);
    const known = { recursive: checkBoolean };
    const { recursive } = checkOptions("fs.mkdir(): options", options, known, "fs.mkdir(): ");
    if (recursive) makeFolders(calls, path);
    else check(calls.mkdir(path), "mkdir", path);
  }

  /**
   * The names in a folder, sorted.
   * @param {string} path
   * @returns {Promise<string[]>}
   * @example
   * await py.fs.readdir("/home/user");
   */
  async readdir(path) {
    const { result, bytes } = this.#calls("readdir", path).readdir(path);
    check(result, "readdir", path);
    if (bytes.length > MOST_NAME_BYTES) {
      throw new FileError("readdir", path, "EOVERFLOW", `${bytes.length} bytes of names are too many`);
    }
    return new TextDecoder().decode(bytes).split("\0").slice(0, -1).sort();
  }

  /**
   * @param {string} path
   * @returns {Promise<FileStat>}
   * @example
   * const { size, isFile } = await py.fs.stat("/home/user/a.txt");
   */
  async stat(path) {
    const { result, stat } = this.#calls("stat", path).stat(path);
    check(result, "stat", path);
    return {
      mode: stat.mode,
      isFile: (stat.mode & TYPE_MASK) === TYPE_FILE,
      isDirectory: (stat.mode & TYPE_MASK) === TYPE_FOLDER,
      size: stat.size,
      atime: new Date(stat.atimeMs),
      mtime: new Date(stat.mtimeMs),
      ctime: new Date(stat.ctimeMs),
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
    return this.#calls("exists", path).stat(path).result === 0;
  }

  /**
   * Removes a file.
   * @param {string} path
   * @returns {Promise<void>}
   * @example
   * await py.fs.unlink("/home/user/a.txt");
   */
  async unlink(path) {
    check(this.#calls("unlink", path).unlink(path), "unlink", path);
  }

  /**
   * Removes an empty folder.
   * @param {string} path
   * @returns {Promise<void>}
   * @example
   * await py.fs.rmdir("/home/user/a");
   */
  async rmdir(path) {
    check(this.#calls("rmdir", path).rmdir(path), "rmdir", path);
  }

  /**
   * @param {string} from
   * @param {string} to
   * @returns {Promise<void>}
   * @example
   * await py.fs.rename("/home/user/a.txt", "/home/user/b.txt");
   */
  async rename(from, to) {
    check(this.#calls("rename", from, to).rename(from, to), "rename", from);
  }

  /**
   * @param {string} operation
   * @param {...string} paths looked at first
   */
  #calls(operation, ...paths) {
    const calls = this.#use(`fs.${operation}()`);
    for (const path of paths) {
      if (typeof path !== "string") throw refusal(`fs.${operation}(): the path`, path, "Give a string.");
      // C code would take what stands before it for the path.
      if (path.includes("\0")) throw new FileError(operation, path, "EINVAL", "a NUL character in the path");
      // As UTF-8 it would be the path of another file.
      if (HALF_CHARACTER.test(path))
        throw new FileError(operation, path, "EINVAL", "half a character in the path");
    }
    return calls;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} path for the error where they are more than a string can hold
 */
function textOf(bytes, path) {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FileError("readFile", path, "EFBIG", `${bytes.length} bytes are too many for a string`);
  }
}
