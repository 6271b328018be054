// The console's exports: takes output, gives input.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes them. Once Python has ended, input goes nowhere and nobody wants it; the output
// that is left can still be taken, until the module is disposed of.

import { ChunkLayout, RING_BYTES } from "../module/host-layout.js";

// Input is fed in pieces of this size.
const PIECE_BYTES = 16 * 1024;

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

/**
 * @typedef {object} Chunk
 * @property {1 | 2} stream
 * @property {number} thread ident of its writer
 * @property {Uint8Array} bytes a copy
 */

/**
 * @typedef {object} Terminal
 * @property {boolean} [stdin] whether it is one
 * @property {boolean} [stdout]
 * @property {boolean} [stderr]
 * @property {number} [columns] 80 by default
 * @property {number} [rows] 24 by default
 */

/**
 * @example
 * const calls = new ConsoleExports(module);
 * for (let chunk; (chunk = calls.takeOutput()); ) show(chunk.bytes);
 */
export class ConsoleExports {
  #module;
  /** Kept: output is taken many times a second, and after the end too. */
  #chunk;
  /** Kept: input comes to its reader also when memory is out. */
  #piece;
  /** What the ring can still hold of the program's output once it has ended: threads that go on print for nobody. */
  #leftAfterEnd = RING_BYTES;

  /** @param {PythonModule} module */
  constructor(module) {
    this.#module = module;
    this.#chunk = module.exports.allocate(ChunkLayout.bytes);
    this.#piece = module.exports.allocate(PIECE_BYTES);
  }

  /**
   * The oldest output, taken from the console; nothing once the module is disposed of.
   * @returns {Chunk | undefined}
   */
  takeOutput() {
    if (this.#module.disposed || this.#leftAfterEnd <= 0) return undefined;
    const { exports, alive } = this.#module;
    if (!exports.call("heddle_console_peek", this.#chunk)) return undefined;
    const fields = exports.view(this.#chunk, ChunkLayout.bytes);
    const data = fields.getUint32(ChunkLayout.data, true);
    const size = fields.getUint32(ChunkLayout.size, true);
    if (size === 0 || size > RING_BYTES) {
      exports.noteDamage(new RangeError(`heddle: output of ${size} bytes cannot be`));
      return undefined;
    }
    if (!alive) this.#leftAfterEnd -= size;
    /** @type {Chunk} */
    const chunk = {
      stream: fields.getUint32(ChunkLayout.stream, true) === 2 ? 2 : 1,
      thread: fields.getUint32(ChunkLayout.thread, true),
      bytes: exports.copyOut(data, size),
    };
    exports.call("heddle_console_consume", alive ? 1 : 0);
    return chunk;
  }

  /** The prompt of the thread that waits for a line; undefined: it only reads. */
  prompt() {
    const { exports } = this.#module;
    const text = exports.call("heddle_console_prompt");
    return text === 0 ? undefined : exports.text(text);
  }

  /** Whether some thread waits for input that it has not been given. @returns {boolean} */
  wantsInput() {
    return this.#module.alive?.call("heddle_console_wants_input") === 1;
  }

  /**
   * Gives bytes to standard input.
   * @param {Uint8Array} bytes
   * @returns {number} how many were taken
   */
  feed(bytes) {
    const { alive } = this.#module;
    if (!alive) return bytes.length;
    let taken = 0;
    for (let more = true; more && taken < bytes.length;) {
      const piece = bytes.subarray(taken, taken + PIECE_BYTES);
      alive.write(this.#piece, piece);
      const count = alive.call("heddle_console_feed", this.#piece, piece.length);
      taken += count;
      more = count === piece.length;
    }
    return taken;
  }

  endInput() {
    this.#module.alive?.call("heddle_console_end_of_file");
  }

  /** @param {Terminal} terminal */
  setTerminal({ stdin, stdout, stderr, columns = 80, rows = 24 }) {
    const streams = (stdin ? 1 : 0) | (stdout ? 2 : 0) | (stderr ? 4 : 0);
    this.#module.alive?.call("heddle_console_set_terminal", streams, columns, rows);
  }
}
