// Writes stdout and stderr in order, without losing anything and without blocking the event loop.
// SPDX-License-Identifier: MIT
// @ts-check

import { writev } from "node:fs";
import { promisify } from "node:util";

const writevAsync = promisify(writev);

// So much may wait here. Beyond it the caller is asked to wait, so that a slow reader slows Python down.
const MAX_WAITING_BYTES = 256 * 1024;
const MAX_BUFFERS_PER_WRITE = 512;
const RETRY_MS = [1, 2, 5, 10, 20];

/**
 * @example
 * const writer = new FdWriter(() => process.exit(141));
 * const wait = writer.write(1, new TextEncoder().encode("hello"));
 * if (wait) await wait;
 * await writer.flush();
 */
export class FdWriter {
  #onBrokenPipe;
  /** @type {{fd: number, bytes: Uint8Array}[]} */
  #waiting = [];
  #waitingBytes = 0;
  /** @type {Promise<void> | undefined} */
  #writing;

  /** @param {(fd: number) => void} onBrokenPipe nobody reads it any more; called at each write */
  constructor(onBrokenPipe) {
    this.#onBrokenPipe = onBrokenPipe;
  }

  /**
   * Takes bytes, which then belong to the writer. A promise asks the caller to wait before it
   * brings more.
   * @param {number} fd
   * @param {Uint8Array} bytes
   * @returns {Promise<void> | undefined}
   */
  write(fd, bytes) {
    this.#waiting.push({ fd, bytes });
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#writeAll();
    return this.#waitingBytes > MAX_WAITING_BYTES ? this.#writing : undefined;
  }

  /** Resolves when everything is written. */
  async flush() {
    await this.#writing;
  }

  async #writeAll() {
    await Promise.resolve(); // all that comes in the same turn goes out in the same write
    while (this.#waiting.length > 0) {
      const { fd } = this.#waiting[0];
      let count = 1;
      while (count < MAX_BUFFERS_PER_WRITE && this.#waiting[count]?.fd === fd) count++;
      const buffers = this.#waiting.splice(0, count).map(({ bytes }) => bytes);
      for (const { length } of buffers) this.#waitingBytes -= length;
      await this.#writeBuffers(fd, buffers);
    }
    this.#writing = undefined;
  }

  /**
   * @param {number} fd
   * @param {Uint8Array[]} buffers
   */
  async #writeBuffers(fd, buffers) {
    for (let attempt = 0; buffers.length > 0;) {
      try {
        const { bytesWritten } = await writevAsync(fd, buffers);
        buffers = withoutFirst(buffers, bytesWritten);
        attempt = 0;
      } catch (error) {
        const { code } = /** @type {NodeJS.ErrnoException} */ (error);
        if (code === "EPIPE") return this.#onBrokenPipe(fd);
        // EBADF: the stream was closed before we were started. Others: nobody to tell.
        if (code !== "EAGAIN") return;
        // The reader of a pipe that does not block is slow.
        const ms = RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, ms));
      }
    }
  }
}

/**
 * @param {Uint8Array[]} buffers
 * @param {number} count bytes
 */
function withoutFirst(buffers, count) {
  let first = 0;
  while (first < buffers.length && count >= buffers[first].length) count -= buffers[first++].length;
  const rest = buffers.slice(first);
  if (count > 0) rest[0] = rest[0].subarray(count);
  return rest;
}
