// The host thread's end of the session: requests to Python and their replies, interrupts, its threads.
// SPDX-License-Identifier: MIT
// @ts-check

import { HeddleError, PythonError, unreadableReply, ValueCopyError } from "../errors.js";
import { NO_ROOM_FOR_REPLY, packMessage, unpackMessage } from "./protocol.js";
import { SessionExports } from "./session-exports.js";
import { Snapshots } from "./snapshots.js";
import { fieldsOf, framesOf } from "./shapes.js";
import { decodeValue } from "./value-codec.js";

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

/**
 * @example
 * const session = new Session(module);
 * const version = await session.ready;
 * const value = await session.run({ code: "1 + 1" });
 */
export class Session {
  #calls;
  #snapshots;
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

  /** @param {PythonModule} module */
  constructor(module) {
    this.#calls = new SessionExports(module);
    this.#snapshots = new Snapshots(module);
    this.ready.catch(() => {}); // all that wait for it hear of it
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
      const message = packed({ type: "heddle:run", id, ...request }, blobs);
      if (!this.#calls.submit(message)) {
        throw new HeddleError(
          "heddle: run(): Python's main thread takes no more requests. Call close() and loadPython().",
        );
      }
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** Replies may be there. */
  receive() {
    while (this.#calls.takeReply((size, copy) => this.#read(size, copy)));
  }

  /**
   * Posts a signal meant for the requests made so far, and for no later one.
   * @param {number} signum
   * @returns {boolean} false: no such signal, or Python has ended
   */
  interrupt(signum) {
    return this.#calls.interrupt(signum);
  }

  /** The threads of this moment: see Snapshots. */
  threads() {
    return this.#snapshots.threads();
  }

  /** Where they are: see Snapshots. */
  stacks() {
    return this.#snapshots.stacks();
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
   * One that cannot be read rejects its run, which is the oldest, and keeps no other from its reply.
   * @param {number} size
   * @param {() => Uint8Array} copy
   */
  #read(size, copy) {
    if (size === 0) {
      this.#rejectOldest(new PythonError(NO_ROOM_FOR_REPLY));
      return;
    }
    try {
      const { message, blobs } = unpackMessage(copy());
      this.#accept(message, blobs);
    } catch (error) {
      this.#rejectOldest(unreadableReply(size, error));
    }
  }

  /**
   * Throws where the message is not what it must be, and then has taken no run from those that wait.
   * @param {import("./protocol.js").SessionMessage} message
   * @param {Uint8Array} blobs
   */
  #accept(message, blobs) {
    if (message.type === "heddle:ready") {
      this.#sayReady(fieldsOf(message, { version: "string" }).version);
    } else if (message.type === "heddle:result") {
      const value = decodeValue(message.value, blobs);
      this.#take(message.id)?.resolve(value);
    } else {
      const error = pythonError(message.error, blobs);
      this.#take(message.id)?.reject(error);
    }
  }

  /**
   * The run that waits for this reply, which waits no longer.
   * @param {number} id
   */
  #take(id) {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  /** @param {Error} error for the run whose reply came; none: it was the greeting */
  #rejectOldest(error) {
    const [id] = this.#pending.keys();
    if (id === undefined) this.#sayFailed(error);
    else this.#take(id)?.reject(error);
  }
}

/**
 * @param {import("./protocol.js").ErrorDescription} description
 * @param {Uint8Array} blobs
 */
function pythonError(description, blobs) {
  const { code } = description;
  return new PythonError({
    ...fieldsOf(description, { type: "string", message: "string", traceback: "string" }),
    frames: framesOf(description.frames),
    code: code === undefined ? undefined : decodeValue(code, blobs),
  });
}

/**
 * @param {import("./protocol.js").RunRequest} request
 * @param {Uint8Array[]} [blobs]
 */
function packed(request, blobs) {
  try {
    return packMessage(request, blobs);
  } catch (cause) {
    throw new ValueCopyError(
      "heddle: run(): code and globals are more than can be copied to Python at once.",
      {
        cause,
      },
    );
  }
}
