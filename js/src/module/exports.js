// The exports of one python.wasm, and its memory, until Python ends.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes each export.

import { ClosedError, HeddleError, LoadError } from "../errors.js";

/** These can be called when Python has ended: they take no memory, and no lock if no writer is to be woken. */
const GOOD_AFTER_THE_END = new Set([
  "heddle_console_peek",
  "heddle_console_consume",
  "heddle_program_exit_code",
]);

/**
 * Calls exports, and carries bytes in and out. It dies once, by end(): from then on malloc() may wait for
 * ever, and the host thread with it, because a thread that held its lock may be gone. So each later call
 * throws a ClosedError, but for those that are good after the end.
 * @example
 * const exports = new Exports(glue);
 * exports.callWithStrings("heddle_fs_mkdir", ["/home/user"]); // 0, or -errno
 */
export class Exports {
  #glue;
  #ended = false;

  /** @param {any} glue Emscripten's object for the running module */
  constructor(glue) {
    this.#glue = glue;
  }

  /** Python has ended. */
  end() {
    this.#ended = true;
  }

  /**
   * @param {string} name
   * @param {...number} args
   * @returns {number}
   */
  call(name, ...args) {
    const exported = this.#glue[`_${name}`];
    if (!exported) {
      throw new LoadError(
        `heddle: python.wasm does not export ${name}(). It belongs to another version of this package.`,
      );
    }
    if (this.#ended && !GOOD_AFTER_THE_END.has(name)) throw new ClosedError(`${name}()`);
    try {
      return exported(...args);
    } catch (error) {
      // A signal's handler ended the program; ModuleSettings.onExit() has been told.
      if (/** @type {any} */ (error)?.name !== "ExitStatus") throw error;
      return 0;
    }
  }

  /**
   * Calls an export whose first arguments are strings.
   * @param {string} name
   * @param {string[]} strings
   * @param {...number} rest
   * @returns {number}
   */
  callWithStrings(name, strings, ...rest) {
    const encoder = new TextEncoder();
    const pointers = strings.map((text) => this.copyIn(encoder.encode(`${text}\0`)));
    try {
      return this.call(name, ...pointers, ...rest);
    } finally {
      for (const pointer of pointers) this.free(pointer);
    }
  }

  /**
   * @param {number} size
   * @returns {number} a pointer, never 0
   */
  allocate(size) {
    const space = this.call("malloc", Math.max(size, 1));
    if (space === 0) throw new HeddleError(`heddle: no memory for ${size} bytes`);
    return space;
  }

  /** @param {number} pointer */
  free(pointer) {
    this.call("free", pointer);
  }

  /**
   * Allocates memory with these bytes in it.
   * @param {Uint8Array} bytes
   * @returns {number} a pointer
   */
  copyIn(bytes) {
    const data = this.allocate(bytes.length);
    new Uint8Array(this.#buffer).set(bytes, data);
    return data;
  }

  /**
   * @param {number} data
   * @param {number} size
   * @returns {Uint8Array} a copy, not shared with other threads
   */
  copyOut(data, size) {
    return new Uint8Array(this.#buffer, data, size).slice();
  }

  /**
   * Views memory; good until other code runs, which may grow it.
   * @param {number} data
   * @param {number} size
   */
  view(data, size) {
    return new DataView(this.#buffer, data, size);
  }

  /**
   * The UTF-8 text at a pointer, which ends with a 0.
   * @param {number} pointer
   * @returns {string}
   */
  text(pointer) {
    return this.#glue.UTF8ToString(pointer);
  }

  /**
   * Lends a copy of the bytes.
   * @template T
   * @param {Uint8Array} bytes
   * @param {(data: number) => T} use
   * @returns {T}
   */
  withCopy(bytes, use) {
    return this.#lend(this.copyIn(bytes), use);
  }

  /**
   * Lends memory for a result.
   * @template T
   * @param {number} size
   * @param {(space: number) => T} use
   * @returns {T}
   */
  withSpace(size, use) {
    return this.#lend(this.allocate(size), use);
  }

  /**
   * @template T
   * @param {number} pointer freed afterwards
   * @param {(pointer: number) => T} use
   * @returns {T}
   */
  #lend(pointer, use) {
    try {
      return use(pointer);
    } finally {
      this.free(pointer);
    }
  }

  /** Fresh each time: another thread may have grown the memory. */
  get #buffer() {
    return this.#glue.wasmMemory.buffer;
  }
}
