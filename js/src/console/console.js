// Python's standard streams, as the embedder has them: hands output over, asks for input, in that order.
// SPDX-License-Identifier: MIT
// @ts-check

import { HostEvent } from "../module/host-layout.js";
import { ConsoleExports } from "./console-exports.js";
import { InputFeeder } from "./input-feeder.js";
import { OutputPump } from "./output-pump.js";

/** @typedef {import("./console-exports.js").Chunk} Chunk */

/**
 * @typedef {object} ConsoleUser
 * @property {(chunk: Chunk) => void | Promise<void>} write
 *   gets output. When it returns a promise, later output waits for that, unless it is drained
 * @property {(prompt: string | undefined) => Promise<Uint8Array | null | undefined>} read
 *   asked for input, when a thread waits for it; null is the end of the input, undefined: nothing now
 */

/**
 * @example
 * const streams = new Console(host, module, { write: ({ bytes }) => show(bytes), read: async () => null });
 * onEvent = (event) => streams.handle(event);
 */
export class Console {
  #calls;
  #output;
  #input;

  /**
   * @param {import("../host/host.js").Host} host
   * @param {import("../module/python-module.js").PythonModule} module
   * @param {ConsoleUser} user
   */
  constructor(host, module, { write, read }) {
    this.#calls = new ConsoleExports(module);
    this.#output = new OutputPump(host, this.#calls, write);
    this.#input = new InputFeeder(this.#calls, read);
  }

  /**
   * Does what an event of the module asks for. Output of before a question or a reply comes before it.
   * @param {number} event a HostEvent
   */
  handle(event) {
    if (event === HostEvent.output) this.#output.wake();
    else if (event === HostEvent.input || event === HostEvent.reply) this.#output.drain();
    if (event === HostEvent.input) void this.#input.wake();
  }

  /** Hands over at once what is there, and waits for no promise. For the end, and before it. */
  drain() {
    this.#output.drain();
  }

  /** Resolves when all output that was there is received. */
  finish() {
    return this.#output.finish();
  }

  /** @param {import("./console-exports.js").Terminal} terminal */
  setTerminal(terminal) {
    this.#calls.setTerminal(terminal);
  }
}
