// How many workers there are: ready before they are needed, kept after a busy moment, given back.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { nodeHost } from "../../../js/src/host/host-node.js";
import { noBuild, testPython, until, within } from "../support.js";

const START = `
import threading

def start(count):
    barrier = threading.Barrier(count + 1)
    threads = [threading.Thread(target=barrier.wait) for _ in range(count)]
    for thread in threads:
        thread.start()
    barrier.wait()
    for thread in threads:
        thread.join()
`;

/** @typedef {import("../../../js/src/host/host.js").CarrierWorker} CarrierWorker */

/**
 * The workers of Python from now on: all that there have ever been, and those that have not been ended.
 * @param {import("node:test").TestContext} t
 */
function followWorkers(t) {
  const { createWorker, terminateWorker } = nodeHost;
  /** @type {Set<CarrierWorker>} */
  const all = new Set();
  /** @type {Set<CarrierWorker>} */
  const alive = new Set();
  mock.method(nodeHost, "createWorker", (/** @type {string} */ url, /** @type {any} */ onFailure) => {
    const worker = createWorker(url, onFailure);
    all.add(worker);
    alive.add(worker);
    return worker;
  });
  mock.method(nodeHost, "terminateWorker", (/** @type {CarrierWorker} */ worker) => {
    alive.delete(worker);
    return terminateWorker(worker);
  });
  t.after(() => mock.restoreAll());
  return {
    all,
    alive,
    /** How many carry a thread, or keep a carrier ready. */
    busy: () => [...alive].filter((worker) => worker.pthread_ptr).length,
  };
}

test(
  "a session begins with one worker for each warm thread and one for Python",
  { skip: noBuild },
  async (t) => {
    const workers = followWorkers(t);
    const py = await testPython(t, { threads: { warm: 3 } });
    // One more is made ahead later; until then these are all.
    assert.equal(workers.alive.size, 4);
    const first = [...workers.alive];
    await within(py, py.run(`${START}\nstart(3)`));
    assert.ok(
      first.every((worker) => workers.alive.has(worker)),
      "they carry the threads",
    );
    assert.ok(workers.all.size <= 5, `${workers.all.size} were needed`);
  },
);

test(
  "threads that are started again get the workers that carried the first ones",
  { skip: noBuild },
  async (t) => {
    const workers = followWorkers(t);
    const py = await testPython(t, { threads: { warm: 1 } });
    await within(py, py.run(`${START}\nstart(12)`));
    const first = new Set(workers.all);
    assert.ok(first.size >= 13, `${first.size} workers for 13 threads`);
    for (let round = 0; round < 3; round++) {
      // A joined thread has ended a moment before its worker is given back.
      await until(py, () => workers.busy() <= 2);
      await within(py, py.run("start(12)"));
    }
    const later = workers.all.size - first.size;
    assert.ok(later <= 1, `${later} more were made, not only a spare one`);
    assert.ok(
      workers.alive.size >= 13,
      `only ${workers.alive.size} are left: more ended than were made ahead`,
    );
  },
);

test("workers that nobody needs any more end", { skip: noBuild }, async (t) => {
  const workers = followWorkers(t);
  const alive = setTimeout(() => {}, 2 ** 30); // a mocked interval keeps nothing alive
  // Hooks run in the order of their registration: Python is closed with real timers.
  t.after(() => {
    t.mock.timers.reset();
    clearTimeout(alive);
  });
  t.mock.timers.enable({ apis: ["setInterval"] });
  const py = await testPython(t, { threads: { warm: 1 } });
  await within(py, py.run(`${START}\nstart(12)`));
  const deadline = Date.now() + 30_000;
  const ended = () => workers.all.size - workers.alive.size;
  while (ended() < 8 && Date.now() < deadline) {
    t.mock.timers.tick(10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(ended() >= 8, `${ended()} of ${workers.all.size} have ended`);
  await within(py, py.run("start(2)"));
});
