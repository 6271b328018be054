// The descriptors that a program in wasm has been given: a table outside its memory, shared by workers.
// SPDX-License-Identifier: MIT
// @ts-check
//
// What it is for
//   A number that comes out of the wasm memory may be any number. Here it is an index: it stands for a descriptor
//   of this process that was opened for the program, or for nothing. So no number names one of the embedder's.
//
// A slot is three words of a SharedArrayBuffer: a state, the descriptor, and when it was looked at.
//   state = 0          free
//   state = users      being filled or given back: OPEN is not set
//   state = OPEN | kind | users
//   INV1  The descriptor is open, and belongs to the slot, while state is not 0 (but for the moment when it is filled).
//   INV2  Whoever uses a descriptor has counted itself in `users` while OPEN was set.
//   INV3  OPEN is cleared once. Whoever takes the last user away after that closes the descriptor: nobody can join
//         any more, so that is one thread, and no call runs on a descriptor that is somebody else's by now.
//
// Concurrency
//   Any thread may call any method; none blocks. States are read and changed by Atomics, which are sequentially
//   consistent; the descriptor is written before OPEN is set, and read after it was seen.
//
// This file is part of python.mjs too (wasm/host/imports.js), for the workers: it imports nothing.

/** What a slot holds. */
export const DescriptorKind = { file: 1 << 24, folder: 1 << 25, mount: 1 << 26 };

/** Either kind of folder. */
export const ANY_FOLDER = DescriptorKind.folder | DescriptorKind.mount;

const WORDS = 3;
const LOOK_EVERY_MS = 20;

const OPEN = 1 << 28;
const USERS = (1 << 24) - 1;

/** How many there may be: as many as a process may mostly have open. */
export const SLOTS = 4096;

/**
 * A new table's memory.
 * @returns {SharedArrayBuffer}
 */
export function newDescriptorTable() {
  return new SharedArrayBuffer(SLOTS * WORDS * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The table in this memory.
 * @param {SharedArrayBuffer} memory of newDescriptorTable()
 * @param {(fd: number) => void} closeDescriptor may throw
 * @example
 * const table = descriptorTable(newDescriptorTable(), closeSync);
 * const number = table.add(openSync("a.txt"), DescriptorKind.file);
 * table.use(number, DescriptorKind.file, (fd) => fstatSync(fd).size);
 * table.close(number);
 */
export function descriptorTable(memory, closeDescriptor) {
  const words = new Int32Array(memory);

  /** @param {number} number */
  function stateOf(number) {
    // A number that is no index names a word that is not there, and Atomics would throw.
    return Number.isInteger(number) && number >= 0 && number < SLOTS
      ? Atomics.load(words, WORDS * number)
      : 0;
  }

  /**
   * Counts this thread in; `cleared` takes the slot's OPEN away at the same time.
   * @param {number} number
   * @param {number} kinds of these only
   * @param {number} cleared
   * @returns {boolean} false: there is no such descriptor
   */
  function enter(number, kinds, cleared) {
    for (;;) {
      const state = stateOf(number);
      if (!(state & OPEN) || !(state & kinds)) return false;
      const next = (state & ~cleared) + 1;
      if (Atomics.compareExchange(words, WORDS * number, state, next) === state) return true;
    }
  }

  /** @param {number} number */
  function leave(number) {
    const state = Atomics.sub(words, WORDS * number, 1) - 1;
    if (state & OPEN || state & USERS) return;
    const fd = words[WORDS * number + 1];
    try {
      closeDescriptor(fd);
    } finally {
      Atomics.store(words, WORDS * number, 0);
    }
  }

  return {
    /**
     * Gives a descriptor a number.
     * @param {number} fd
     * @param {number} kind a DescriptorKind
     * @returns {number} or -1: the table is full, and the descriptor still the caller's
     */
    add(fd, kind) {
      for (let number = 0; number < SLOTS; number++) {
        if (Atomics.compareExchange(words, WORDS * number, 0, 1) !== 0) continue;
        words[WORDS * number + 1] = fd;
        words[WORDS * number + 2] = 0; // due at once
        Atomics.store(words, WORDS * number, OPEN | kind);
        return number;
      }
      return -1;
    },

    /**
     * What act(fd) returns; undefined if the number stands for nothing of these kinds.
     * @template T
     * @param {number} number
     * @param {number} kinds
     * @param {(fd: number) => T} act
     * @returns {T | undefined}
     */
    use(number, kinds, act) {
      if (!enter(number, kinds, 0)) return undefined;
      try {
        return act(words[WORDS * number + 1]);
      } finally {
        leave(number);
      }
    },

    /**
     * Closes a file or a folder as soon as nobody uses it. A mount stays.
     * @param {number} number
     * @returns {boolean} false: there is no such descriptor
     */
    close(number) {
      if (!enter(number, DescriptorKind.file | DescriptorKind.folder, OPEN)) return false;
      leave(number);
      return true;
    },

    /**
     * Calls look() if the last look at this descriptor is 20 ms ago, or has thrown. Within use() only.
     * @param {number} number
     * @param {() => void} look
     */
    lookAtTimes(number, look) {
      const now = Date.now() | 0;
      const since = (now - words[WORDS * number + 2]) | 0;
      if (since >= 0 && since < LOOK_EVERY_MS) return;
      look();
      words[WORDS * number + 2] = now;
    },

    /**
     * Closes what is open. Only once all workers that use the table are gone. What one of them was closing as it
     * ended is left alone: its descriptor may be somebody else's by now.
     */
    closeAll() {
      for (let number = 0; number < SLOTS; number++) {
        if (Atomics.exchange(words, WORDS * number, 0) & OPEN) closeDescriptor(words[WORDS * number + 1]);
      }
    },
  };
}
