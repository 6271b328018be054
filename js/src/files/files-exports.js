// The exports for files: what is read and written in Python's file system, and what is mounted there.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes them. Results are 0 or a negative errno. Once Python has ended, all of them throw
// a ClosedError. A call that finds Python's memory damaged ends it, and throws a PythonExitError.

import { OutOfMemoryError, PythonExitError } from "../errors.js";
import { Errno, Signal, StatLayout } from "../module/host-layout.js";

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

/**
 * @typedef {object} StatFields
 * @property {number} mode permission and type bits
 * @property {number} size bytes
 * @property {number} atimeMs since 1970
 * @property {number} mtimeMs
 * @property {number} ctimeMs
 */

/**
 * @example
 * const calls = new FilesExports(module);
 * calls.mkdir("/home/user"); // 0
 */
export class FilesExports {
  #module;
  #exports;
  /** Where the address and the size of what was read go. */
  #found;
  /** Where a heddle_host_stat_t goes. */
  #stat;

  /** @param {PythonModule} module */
  constructor(module) {
    const { exports } = (this.#module = module);
    this.#exports = exports;
    this.#found = exports.allocate(8);
    this.#stat = exports.allocate(StatLayout.bytes);
  }

  /** @param {string} path */
  read(path) {
    return this.#takeBytes("heddle_fs_read", path);
  }

  /** @param {string} path @returns what was read: names with a 0 after each */
  readdir(path) {
    return this.#takeBytes("heddle_fs_readdir", path);
  }

  /**
   * @param {string} path
   * @param {Uint8Array} bytes
   */
  write(path, bytes) {
    try {
      return this.#exports.withCopy(bytes, (data) =>
        this.#call("heddle_fs_write", [path], data, bytes.length),
      );
    } catch (error) {
      if (error instanceof OutOfMemoryError) return -Errno.ENOMEM;
      throw error;
    }
  }

  /** @param {string} path */
  mkdir(path) {
    return this.#call("heddle_fs_mkdir", [path]);
  }

  /** @param {string} path */
  rmdir(path) {
    return this.#call("heddle_fs_rmdir", [path]);
  }

  /** @param {string} path */
  unlink(path) {
    return this.#call("heddle_fs_unlink", [path]);
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    return this.#call("heddle_fs_rename", [from, to]);
  }

  /**
   * @param {string} path
   * @returns {{result: number, stat: StatFields}}
   */
  stat(path) {
    const result = this.#call("heddle_fs_stat", [path], this.#stat);
    const fields = this.#exports.view(this.#stat, StatLayout.bytes);
    const stat = {
      mode: fields.getUint32(StatLayout.mode, true),
      size: Number(fields.getBigInt64(StatLayout.size, true)),
      atimeMs: fields.getFloat64(StatLayout.atimeMs, true),
      mtimeMs: fields.getFloat64(StatLayout.mtimeMs, true),
      ctimeMs: fields.getFloat64(StatLayout.ctimeMs, true),
    };
    return { result, stat };
  }

  /**
   * Mounts a folder of the host. Before the module's start() only.
   * @param {string} path
   * @param {{path: string, number: number}} folder one of a FolderGrant's
   * @returns {number} 0, or a negative errno
   */
  mountHost(path, folder) {
    return this.#call("heddle_files_mount_host", [path, folder.path], folder.number);
  }

  /**
   * Makes a symbolic link, and the folders that it lies in. Before the module's start() only.
   * @param {string} target
   * @param {string} path
   * @returns {number} 0, or a negative errno
   */
  addLink(target, path) {
    return this.#call("heddle_files_add_link", [target, path]);
  }

  /**
   * @param {string} name
   * @param {string[]} strings
   * @param {...number} rest
   */
  #call(name, strings, ...rest) {
    const result = this.#exports.callWithStrings(name, strings, ...rest);
    this.#mustLive();
    return result;
  }

  /** After each call: one that has found damage gives 0, which would mean success. */
  #mustLive() {
    if (!this.#module.alive) throw new PythonExitError(128 + Signal.SIGABRT, "its memory is damaged");
  }

  /**
   * Calls an export that gives malloc()ed bytes through two last arguments.
   * @param {string} name
   * @param {string} path
   * @returns {{result: number, bytes: Uint8Array}}
   */
  #takeBytes(name, path) {
    const result = this.#call(name, [path], this.#found, this.#found + 4);
    if (result < 0) return { result, bytes: new Uint8Array() };
    const found = this.#exports.view(this.#found, 8);
    const data = found.getUint32(0, true);
    const bytes = this.#exports.copyOut(data, found.getUint32(4, true));
    this.#mustLive();
    this.#exports.free(data);
    return { result, bytes };
  }
}
