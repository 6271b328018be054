// How many workers there are: made ahead, kept after a busy moment, given back.
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

/** Counts the workers that are made and ended from now on. @param {import("node:test").TestContext} t */
function countWorkers(t) {
  const { createWorker, terminateWorker } = nodeHost;
  const made = mock.method(nodeHost, "createWorker", createWorker);
  const ended = mock.method(nodeHost, "terminateWorker", terminateWorker);
  t.after(() => mock.restoreAll());
  return {
    made: () => made.mock.callCount(),
    ended: () => ended.mock.callCount(),
    /** Those that carry a thread, or keep a carrier ready. */
    busy: () => made.mock.calls.filter(({ result }) => result?.pthread_ptr).length,
  };
}

test(
  "a session begins with one worker for each warm thread and one for Python",
  { skip: noBuild },
  async (t) => {
    const workers = countWorkers(t);
    const py = await testPython(t, { threads: { warm: 3 } });
    // One more is made ahead later; until then these are all.
    assert.equal(workers.made(), 4);
    await within(py, py.run(`${START}\nstart(3)`));
    assert.ok(workers.made() <= 5, `${workers.made()} were made`);
  },
);

test("workers that were needed at once stay for the next time", { skip: noBuild }, async (t) => {
  const workers = countWorkers(t);
  const py = await testPython(t, { threads: { warm: 1 } });
  await within(py, py.run(`${START}\nstart(12)`));
  const first = workers.made();
  assert.ok(first >= 13, `${first} were made for 13 threads`);
  for (let round = 0; round < 3; round++) {
    // A joined thread has ended a moment before its worker is given back.
    await until(py, () => workers.busy() <= 2);
    await within(py, py.run("start(12)"));
  }
  const made = workers.made();
  assert.ok(made <= first + 1, `${made - first} more were made, not only a spare one`);
  assert.ok(workers.ended() <= made - 13, `${workers.ended()} ended, more than were made ahead`);
});

test("workers that nobody needs any more end", { skip: noBuild }, async (t) => {
  const workers = countWorkers(t);
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
  while (workers.ended() < 8 && Date.now() < deadline) {
    t.mock.timers.tick(10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(workers.ended() >= 8, `${workers.ended()} of ${workers.made()} have ended`);
  await within(py, py.run("start(2)"));
});
