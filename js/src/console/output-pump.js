// Carries output from the console's ring to where it is to go.
// SPDX-License-Identifier: MIT
// @ts-check

import { RING_BYTES } from "../module/host-layout.js";

/** @typedef {import("./console-exports.js").Chunk} Chunk */
/** @typedef {import("./console-exports.js").ConsoleExports} ConsoleExports */

// How long the host thread is kept at it before other events have their turn.
const SLICE_MS = 8;

// Bytes that are handed over at once, as a rule.
const PIECE_BYTES = 16 * 1024;

/**
 * Takes output for as long as there is any. Writes of one thread without another's in between are
 * handed over in one piece, as far as they are there: each printed line is a small one. When the
 * receiver returns a promise, what is left waits for it in the ring. When the ring is full, so do the
 * threads that write.
 *
 * The console notifies the host thread only when its ring stops being empty. A page that empties the ring
 * after every line would get a message for every line, thousands a second, and the browser would have no
 * time to draw. So once the pump has handed something over, it pauses until other events have had their
 * turn, and then looks by itself.
 * @example
 * const pump = new OutputPump(host, calls, (chunk) => { process.stdout.write(chunk.bytes); });
 * pump.wake(); // at each HostEvent.output
 */
export class OutputPump {
  #host;
  #calls;
  #receive;
  /** @type {Chunk | undefined} taken, and not handed over yet */
  #next;
  #pumping = false;
  #pausing = false;
  /** @type {Promise<void>} */
  #done = Promise.resolve();

  /**
   * @param {import("../host/host.js").Host} host
   * @param {ConsoleExports} calls
   * @param {(chunk: Chunk) => void | Promise<void>} receive
   */
  constructor(host, calls, receive) {
    this.#host = host;
    this.#calls = calls;
    this.#receive = receive;
  }

  /** There may be output: hands it over, now or after the pause. */
  wake() {
    if (!this.#pausing) this.look();
  }

  /** Hands over what is there, also in a pause; a receiver that is still busy gets it afterwards. */
  look() {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#done = this.#pump();
  }

  /** Resolves when all output that was there is received. */
  async finish() {
    this.look();
    await this.#done;
  }

  /**
   * Hands over at once all that is there, also while the pump pauses, and waits for no promise. Output
   * that comes meanwhile may be left to the pump: threads that write without end do not keep the host
   * thread.
   */
  drain() {
    let left = RING_BYTES + (this.#next?.bytes.length ?? 0);
    for (let piece; left > 0 && (piece = this.#takePiece(Infinity)); left -= piece.bytes.length)
      void this.#receive(piece);
    this.wake();
  }

  async #pump() {
    let found = false;
    try {
      let pauseAt = performance.now() + SLICE_MS;
      for (let piece; (piece = this.#takePiece(pauseAt));) {
        found = true;
        const wait = this.#receive(piece);
        if (wait) await wait;
        else if (performance.now() > pauseAt) await this.#host.nextTask();
        else continue;
        pauseAt = performance.now() + SLICE_MS;
      }
    } finally {
      // No await between the last look and this: output that comes later wakes the pump again.
      this.#pumping = false;
    }
    if (found && !this.#pausing) void this.#pause();
  }

  async #pause() {
    this.#pausing = true;
    await this.#host.nextTask();
    this.#pausing = false;
    this.look(); // some may have come meanwhile, and woken nobody
  }

  /**
   * The oldest output, joined with what follows it from the same thread to the same stream.
   * @param {number} until when to stop looking for more
   * @returns {Chunk | undefined}
   */
  #takePiece(until) {
    const first = this.#next ?? this.#calls.takeOutput();
    this.#next = undefined;
    if (!first) return undefined;
    const parts = [first.bytes];
    let size = first.bytes.length;
    while (size < PIECE_BYTES && performance.now() < until) {
      const chunk = this.#calls.takeOutput();
      if (chunk?.stream !== first.stream || chunk.thread !== first.thread) {
        this.#next = chunk;
        break;
      }
      parts.push(chunk.bytes);
      size += chunk.bytes.length;
    }
    return { ...first, bytes: joined(parts, size) };
  }
}

/**
 * @param {Uint8Array[]} parts
 * @param {number} size of all
 */
function joined(parts, size) {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(size);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
