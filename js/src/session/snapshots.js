// Python's threads at one moment: their waits, and where each is in its code.
// SPDX-License-Identifier: MIT
// @ts-check

import { HeddleError } from "../errors.js";
import { fieldsOf, framesOf, listOf } from "./shapes.js";

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

// Holds the snapshot of some hundred threads.
const FIRST_BYTES = 64 * 1024;
// More than the most threads need with the deepest stacks. A program can make up any size.
const MOST_BYTES = 32 * 2 ** 20;

const THREAD_FIELDS = {
  ident: "number",
  nativeId: "number",
  name: "string",
  main: "boolean",
  daemon: "boolean",
  state: "string",
  sinceMs: "number",
  stackBytes: "number",
};

/**
 * Nothing is stopped for a snapshot, and it does not wait for the GIL. Once Python has ended there are no
 * threads.
 * @example
 * const snapshots = new Snapshots(module);
 * snapshots.threads().length; // 1
 */
export class Snapshots {
  #module;
  /** Kept: snapshots are taken many times a second. */
  #space;
  #capacity = FIRST_BYTES;

  /** @param {PythonModule} module */
  constructor(module) {
    this.#module = module;
    this.#space = module.exports.allocate(FIRST_BYTES);
  }

  /** The threads as heddle_threads_snapshot() writes them. @returns {any[]} */
  threads() {
    return this.#take("heddle_threads_snapshot", threadOf);
  }

  /**
   * Where each Python thread is, outermost call first.
   * @returns {{ident: number, frames: import("./protocol.js").Frame[]}[]}
   */
  stacks() {
    return this.#take("heddle_python_stacks", stackOf);
  }

  /**
   * Calls an export that writes JSON into a buffer and returns the size that it needed. Throws a HeddleError where that
   * is not what it must be.
   * @template T
   * @param {string} name
   * @param {(item: any) => T} read throws for an item of another shape
   * @returns {T[]}
   */
  #take(name, read) {
    const { alive } = this.#module;
    if (!alive) return [];
    for (;;) {
      const needed = alive.call(name, this.#space, this.#capacity);
      if (!this.#module.alive) return []; // the call has found its memory damaged
      if (needed > MOST_BYTES) throw unreadable(new RangeError(`${needed} bytes`));
      if (needed < this.#capacity) return parsed(alive.copyOut(this.#space, needed), read);
      const larger = 2 * needed; // threads may be added meanwhile
      const space = alive.allocate(larger);
      alive.free(this.#space);
      this.#space = space;
      this.#capacity = larger;
    }
  }
}

/**
 * @template T
 * @param {Uint8Array} json
 * @param {(item: any) => T} read
 */
function parsed(json, read) {
  try {
    return listOf(JSON.parse(new TextDecoder().decode(json))).map(read);
  } catch (error) {
    throw unreadable(/** @type {Error} */ (error));
  }
}

/** @param {Error} cause */
function unreadable(cause) {
  const { message } = cause;
  return new HeddleError(`heddle: what Python's memory tells of its threads cannot be read: ${message}`, {
    cause,
  });
}

/** @param {any} thread */
function threadOf(thread) {
  const { waitingOn, heldBy, leftMs } = thread;
  return {
    ...fieldsOf(thread, THREAD_FIELDS),
    waitingOn: waitingOn === null ? null : fieldsOf(waitingOn, { kind: "string", address: "number" }),
    heldBy: typeof heldBy === "number" ? heldBy : null,
    leftMs: typeof leftMs === "number" ? leftMs : null,
  };
}

/** @param {any} stack */
function stackOf(stack) {
  return { ident: fieldsOf(stack, { ident: "number" }).ident, frames: framesOf(stack.frames) };
}
