// What a thread waits for inside Python's library, in words: an event, an item of a queue, ...
// SPDX-License-Identifier: MIT
// @ts-check
//
// The runtime sees only the condition that all of these are made of; the calls tell which it is.

/** @type {Record<string, string>} by the name of the call */
const WAITS = {
  "Event.wait": "an event",
  "Thread.start": "a thread to start",
  "Timer.run": "its time",
  "Semaphore.acquire": "a semaphore",
  "Barrier.wait": "the others at a barrier",
  "Queue.get": "an item of a queue",
  "Queue.put": "room in a queue",
  "Queue.join": "a queue's tasks to be done",
  "Future.result": "a result",
  "Future.exception": "a result",
  wait: "results",
  as_completed: "results",
  _worker: "work for the pool",
};

/**
 * Whether a file is Python's own: a learner looks for the lines of the program.
 * @param {{filename: string}} frame
 */
export const isLibrary = ({ filename }) => /^<|^\/usr\//.test(filename);

/**
 * What the innermost calls wait for, as far as they are the library's.
 * @param {{filename: string, name: string}[]} frames outermost first
 * @returns {string | undefined} undefined: there is no word for it
 * @example
 * libraryWait(py.stacks()[0].frames); // "an event"
 */
export function libraryWait(frames) {
  const inside = frames.slice(frames.findLastIndex((frame) => !isLibrary(frame)) + 1);
  // The outermost one is what the program asked for: a queue's condition is the queue's own business.
  const call = inside.find(({ name }) => Object.hasOwn(WAITS, name));
  return call && WAITS[call.name];
}
