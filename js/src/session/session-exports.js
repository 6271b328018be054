// The session's exports: gives requests and interrupts, takes replies.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes them. Once Python has ended, it takes no request and no interrupt, and has no reply.

import { OutOfMemoryError } from "../errors.js";
import { Errno } from "../module/host-layout.js";

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

/** A size_t. */
const SIZE_BYTES = 4;

/**
 * @example
 * const calls = new SessionExports(module);
 * calls.submit(packMessage({ type: "heddle:run", id: 1, code: "1 + 1" }));
 */
export class SessionExports {
  #module;
  /** Where the size of a reply goes. */
  #size;

  /** @param {PythonModule} module */
  constructor(module) {
    this.#module = module;
    this.#size = module.exports.allocate(SIZE_BYTES);
  }

  /**
   * Throws an OutOfMemoryError where Python's memory has no room.
   * @param {Uint8Array} message
   * @returns {boolean} false: the session has ended
   */
  submit(message) {
    const { alive } = this.#module;
    if (!alive) return false;
    const size = message.length;
    const result = alive.withCopy(message, (data) => alive.call("heddle_session_submit", data, size));
    if (result === -Errno.ENOMEM) throw new OutOfMemoryError(size);
    return result === 0;
  }

  /**
   * Hands over the oldest reply, which is gone then, however that ends.
   * @param {(size: number, copy: () => Uint8Array) => void} accept gets its size, and a function for its bytes
   * @returns {boolean} whether there was one
   */
  takeReply(accept) {
    const { alive } = this.#module;
    if (!alive) return false;
    const data = alive.call("heddle_session_reply", this.#size);
    if (data === 0) return false;
    const size = alive.view(this.#size, SIZE_BYTES).getUint32(0, true);
    try {
      accept(size, () => alive.copyOut(data, size));
    } finally {
      alive.call("heddle_session_reply_done");
    }
    return true;
  }

  /**
   * Posts a signal meant for what has been submitted so far.
   * @param {number} signum
   * @returns {boolean} false: no such signal, or Python has ended
   */
  interrupt(signum) {
    return this.#module.alive?.call("heddle_session_interrupt", signum) === 0;
  }
}
