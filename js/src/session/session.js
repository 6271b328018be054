// The page's end of the session: requests to Python, one at a time, and their replies.
// SPDX-License-Identifier: MIT
// @ts-check

import { PythonError } from "../errors.js";
import { packMessage, unpackMessage } from "./protocol.js";
import { decodeValue } from "./value-codec.js";

/** @typedef {import("../module/runtime.js").Runtime} Runtime */

/**
 * @example
 * const session = new Session(runtime);
 * const version = await session.ready;
 * const value = await session.run({ code: "1 + 1" });
 */
export class Session {
  #runtime;
  #lastId = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
  #pending = new Map();
  /** @type {Error | undefined} */
  #ended;
  /** @type {(error: Error) => void} */
  #tellEnd = () => {};
  /** @type {(version: string) => void} */
  #sayReady = () => {};
  /** @type {(error: Error) => void} */
  #sayFailed = () => {};

  /** Python's version, once it answers. @type {Promise<string>} */
  ready = new Promise((resolve, reject) => {
    this.#sayReady = resolve;
    this.#sayFailed = reject;
  });

  /** @param {Runtime} runtime */
  constructor(runtime) {
    this.#runtime = runtime;
    this.ready.catch(() => {}); // whoever waits for it hears of it
  }

  /**
   * @param {Omit<import("./protocol.js").RunRequest, "type" | "id">} request
   * @param {Uint8Array[]} [blobs]
   * @returns {Promise<any>}
   */
  run(request, blobs) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      this.#pending.set(id, { resolve, reject });
      if (this.#runtime.submit(packMessage({ type: "heddle:run", id, ...request }, blobs))) return;
      this.#pending.delete(id);
      throw new Error(
        "heddle: run(): Python's main thread takes no more requests. Call close() and loadPython().",
      );
    });
  }

  /** Replies may be there. */
  receive() {
    for (let bytes; (bytes = this.#runtime.takeReply());) {
      const { message, blobs } = unpackMessage(bytes);
      this.#accept(message, blobs);
    }
  }

  /**
   * No more replies will come: rejects what waits, and what comes. Only the first call counts.
   * @param {Error} error
   */
  end(error) {
    if (this.#ended) return;
    this.#ended = error;
    this.#sayFailed(error);
    this.#tellEnd(error);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  /**
   * Calls back with the error when the session ends, or at once if it has.
   * @param {(error: Error) => void} tell
   */
  whenEnded(tell) {
    this.#tellEnd = tell;
    if (this.#ended) tell(this.#ended);
  }

  /**
   * @param {import("./protocol.js").SessionMessage} message
   * @param {Uint8Array} blobs
   */
  #accept(message, blobs) {
    if (message.type === "heddle:ready") {
      this.#sayReady(message.version);
      return;
    }
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === "heddle:result") {
      waiting?.resolve(decodeValue(message.value, blobs));
    } else {
      const { code } = message.error;
      const decoded = code === undefined ? undefined : decodeValue(code, blobs);
      waiting?.reject(new PythonError({ ...message.error, code: decoded }));
    }
  }
}
