// The memory that all threads of one Python share.
// SPDX-License-Identifier: MIT
// @ts-check

import { LoadError } from "../errors.js";
import { INITIAL_MEMORY_MIB } from "./host-layout.js";

// WebAssembly counts memory in pages of this size.
const PAGE_BYTES = 65536;
const MIB = 2 ** 20;

// INITIAL_MEMORY_MIB is enough for a start with eight workers. V8 counts all of it for each worker, and from
// 64 MiB on collects garbage in each as it starts: that took half a second, in which the host thread stood still.

// Shared memory cannot move, so its whole address range is taken at once: 4 GiB is all that
// WebAssembly can address, and more than telephones and 32-bit browsers give.
const MAXIMUM_MIB = [4096, 2048, 1024, 512, 256];

/**
 * Memory that grows from INITIAL_MEMORY_MIB to as much as the host lets it, at most 4 GiB.
 * @returns {WebAssembly.Memory}
 * @example
 * const memory = createSharedMemory(); // throws a LoadError when the host refuses
 */
export function createSharedMemory() {
  /** @type {unknown} */
  let cause;
  for (const maximum of MAXIMUM_MIB) {
    try {
      return new WebAssembly.Memory({
        initial: pages(INITIAL_MEMORY_MIB),
        maximum: pages(maximum),
        shared: true,
      });
    } catch (error) {
      cause = error;
    }
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new LoadError(
    `heddle: loadPython(): no memory: ${INITIAL_MEMORY_MIB} MiB, growing to ${MAXIMUM_MIB.at(-1)}, were refused: ${reason}. ` +
      "Close other pages or programs, or close() a Python that is no longer needed.",
    { cause },
  );
}

/** @param {number} mib */
const pages = (mib) => (mib * MIB) / PAGE_BYTES;
