// The exports of one python.wasm, and its memory, until Python ends.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes each export.

import { ClosedError, LoadError, OutOfMemoryError } from "../errors.js";
import { Errno } from "./host-layout.js";

/** These can be called when Python has ended: they take no memory, and no lock if no writer is to be woken. */
const GOOD_AFTER_THE_END = new Set([
  "heddle_console_peek",
  "heddle_console_consume",
  "heddle_program_exit_code",
]);

/**
 * These give an address or a size, and the others 0 or more, or -errno. WebAssembly's i32 has no sign, and
 * JavaScript reads every one as signed: an address above 2 GiB would be negative.
 */
const GIVES_ADDRESS_OR_SIZE = new Set([
  "malloc",
  "heddle_console_prompt",
  "heddle_console_feed",
  "heddle_session_reply",
  "heddle_python_stacks",
  "heddle_threads_snapshot",
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
   * @returns {number} negative only for an errno, never for an address or a size
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
      const result = exported(...args);
      return GIVES_ADDRESS_OR_SIZE.has(name) ? result >>> 0 : result;
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
   * @returns {number} 0, or -errno: -ENOMEM where the strings have no room
   */
  callWithStrings(name, strings, ...rest) {
    const encoder = new TextEncoder();
    /** @type {number[]} */
    const pointers = [];
    try {
      for (const text of strings) pointers.push(this.copyIn(encoder.encode(`${text}\0`)));
      return this.call(name, ...pointers, ...rest);
    } catch (error) {
      if (error instanceof OutOfMemoryError) return -Errno.ENOMEM;
      throw error;
    } finally {
      for (const pointer of pointers) this.free(pointer);
    }
  }

  /**
   * Throws an OutOfMemoryError where Python's memory has no room.
   * @param {number} size
   * @returns {number} a pointer, never 0
   */
  allocate(size) {
    const space = this.call("malloc", Math.max(size, 1));
    if (space === 0) throw new OutOfMemoryError(size);
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
    this.write(data, bytes);
    return data;
  }

  /**
   * @param {number} data
   * @param {Uint8Array} bytes
   */
  write(data, bytes) {
    new Uint8Array(this.#buffer).set(bytes, data);
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
    const data = this.copyIn(bytes);
    try {
      return use(data);
    } finally {
      this.free(data);
    }
  }

  /** Fresh each time: another thread may have grown the memory. */
  get #buffer() {
    return this.#glue.wasmMemory.buffer;
  }
}
