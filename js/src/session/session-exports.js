// The session's exports: gives requests and interrupts, takes replies.
// SPDX-License-Identifier: MIT
// @ts-check
//
// wasm/host/host.h describes them. Once Python has ended, it takes no request and no interrupt, and has no reply.

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
   * @param {Uint8Array} message
   * @returns {boolean} false: the session has ended, or memory is out
   */
  submit(message) {
    const { alive } = this.#module;
    if (!alive) return false;
    const size = message.length;
    return alive.withCopy(message, (data) => alive.call("heddle_session_submit", data, size)) === 0;
  }

  /**
   * The oldest reply.
   * @returns {Uint8Array | undefined}
   */
  takeReply() {
    const { alive } = this.#module;
    if (!alive) return undefined;
    const data = alive.call("heddle_session_reply", this.#size);
    if (data === 0) return undefined;
    const bytes = alive.copyOut(data, alive.view(this.#size, SIZE_BYTES).getUint32(0, true));
    alive.call("heddle_session_reply_done");
    return bytes;
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
