// Finds deadlocks: threads that wait for one another in a circle.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("heddle").Python} Python */
/** @typedef {ReturnType<Python["threads"]>[number]} Thread */

/** Waits that only another thread can end. */
const FOR_OTHERS = new Set(["lock", "rlock", "semaphore", "event", "condition", "thread"]);

/**
 * The circles of waits: in each, every thread waits for what the next one holds, the last for what the
 * first holds. A wait with a time limit is in none. A thread that waits for a lock of its own is a circle
 * of one if nobody is left to release it: locks also serve as signals, which another thread gives.
 * @param {Thread[]} threads
 * @returns {Thread[][]}
 * @example
 * for (const circle of circlesOfWaits(py.threads())) console.log(circle.map((thread) => thread.name));
 */
export function circlesOfWaits(threads) {
  const byIdent = new Map(threads.map((thread) => [thread.ident, thread]));
  const seen = new Set();
  const circles = [];
  for (const first of threads) {
    /** @type {Thread[]} */
    const path = [];
    /** @type {Thread | undefined} */
    let thread = first;
    while (thread && thread.heldBy !== null && waitsForOthers(thread) && !seen.has(thread)) {
      seen.add(thread);
      path.push(thread);
      thread = byIdent.get(thread.heldBy);
    }
    const start = thread ? path.indexOf(thread) : -1;
    if (start >= 0) circles.push(path.slice(start));
  }
  const allWait = threads.every(waitsForOthers);
  return circles.filter((circle) => circle.length > 1 || allWait);
}

/** @param {Thread} thread */
function waitsForOthers({ waitingOn, left }) {
  return waitingOn !== null && left === null && FOR_OTHERS.has(waitingOn.kind);
}

/**
 * A deadlock in a sentence.
 * @param {Thread[]} circle
 * @param {(thread: Thread) => string} whatItWaitsFor "lock A"
 * @example
 * describeCircle(circle, () => "a lock");
 */
export function describeCircle(circle, whatItWaitsFor) {
  const steps = circle.map((thread, index) => {
    const holder = circle[(index + 1) % circle.length];
    const what = whatItWaitsFor(thread);
    if (thread.waitingOn?.kind === "thread") return `${thread.name} waits for ${holder.name} to end`;
    return `${thread.name} waits for ${what}, held by ${holder === thread ? "itself" : holder.name}`;
  });
  return `Deadlock: ${steps.join("; ")}.`;
}
