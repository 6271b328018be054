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

// No text ends the embedder's memory, wherever its pointer points to.
const MOST_TEXT_BYTES = 2 ** 20;

/**
 * Calls exports, and carries bytes in and out. It dies once, by end(): from then on malloc() may wait for
 * ever, and the host thread with it, because a thread that held its lock may be gone. So each later call
 * throws a ClosedError, but for those that are good after the end.
 *
 * The program owns the memory, so an export may trap, and an address that was found there may be none. Then
 * onDamage() is told, once, and what was asked for is nothing: 0, or no bytes.
 * @example
 * const exports = new Exports(glue);
 * exports.callWithStrings("heddle_fs_mkdir", ["/home/user"]); // 0, or -errno
 */
export class Exports {
  #glue;
  #onDamage;
  #ended = false;
  #damaged = false;

  /**
   * @param {any} glue Emscripten's object for the running module
   * @param {(error: Error) => void} [onDamage] is to end Python. Without it the errors are the callers'
   */
  constructor(glue, onDamage) {
    this.#glue = glue;
    this.#onDamage = onDamage;
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
    if (this.#damaged) return 0; // also what gives memory back on the way out of the call that found it
    if (this.#ended && !GOOD_AFTER_THE_END.has(name)) throw new ClosedError(`${name}()`);
    try {
      const result = exported(...args);
      return GIVES_ADDRESS_OR_SIZE.has(name) ? result >>> 0 : result;
    } catch (error) {
      // A signal's handler ended the program; ModuleSettings.onExit() has been told.
      if (/** @type {any} */ (error)?.name === "ExitStatus") return 0;
      return this.#damage(error, 0);
    }
  }

  /**
   * What was found in the memory cannot be: from now on calls give 0.
   * @param {Error} error
   */
  noteDamage(error) {
    this.#damage(error, undefined);
  }

  /**
   * @template T
   * @param {unknown} error
   * @param {T} nothing
   * @returns {T}
   */
  #damage(error, nothing) {
    if (!this.#onDamage) throw error;
    if (!this.#damaged) this.#onDamage(error instanceof Error ? error : new Error(String(error)));
    this.#damaged = true;
    return nothing;
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
    try {
      new Uint8Array(this.#buffer).set(bytes, data);
    } catch (error) {
      this.#damage(error, undefined);
    }
  }

  /**
   * @param {number} data
   * @param {number} size
   * @returns {Uint8Array} a copy, not shared with other threads
   */
  copyOut(data, size) {
    try {
      return new Uint8Array(this.#buffer, data, size).slice();
    } catch (error) {
      return this.#damage(error, new Uint8Array());
    }
  }

  /**
   * Views memory; good until other code runs, which may grow it.
   * @param {number} data
   * @param {number} size
   */
  view(data, size) {
    try {
      return new DataView(this.#buffer, data, size);
    } catch (error) {
      return this.#damage(error, new DataView(new ArrayBuffer(size)));
    }
  }

  /**
   * The UTF-8 text at a pointer, which ends with a 0, or after MOST_TEXT_BYTES.
   * @param {number} pointer
   * @returns {string}
   */
  text(pointer) {
    const bytes = new Uint8Array(this.#buffer).slice(pointer, pointer + MOST_TEXT_BYTES);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
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
