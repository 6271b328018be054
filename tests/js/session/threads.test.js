// threads(): each thread's wait, the holder of what it waits for, and how long it waits.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { noBuild, testPython, until } from "../support.js";

const options = { skip: noBuild };

describe("threads()", options, () => {
  test("shows who waits for what, and who holds it", async (t) => {
    const py = await testPython(t);
    await py.run(
      "import threading, _thread\n" +
        "lock = _thread.allocate_lock(); lock.acquire()\n" +
        "threading.Thread(target=lock.acquire, name='waiter', daemon=True).start()",
    );
    let threads = py.threads();
    await until(py, () => (threads = py.threads()).some(({ name, heldBy }) => name === "waiter" && heldBy));
    const main = threads.find((thread) => thread.main);
    const waiter = threads.find(({ name }) => name === "waiter");
    assert.equal(waiter?.waitingOn?.kind, "lock");
    assert.equal(waiter?.heldBy, main?.ident);
    assert.equal(waiter?.daemon, true);
    assert.equal(waiter?.state, "waiting");
    assert.ok((waiter?.since ?? -1) >= 0);
    assert.ok((waiter?.stackSize ?? 0) > 0);
  });

  test("tells what nobody holds from a lock that its own holder waits for, and says how long", async (t) => {
    const py = await testPython(t);
    const waits = {
      event: "threading.Event().wait()",
      condition: "it = threading.Condition(); it.acquire(); it.wait_for(lambda: False, 3600)",
      queue: "queue.Queue().get()",
      limited: "queue.Queue().get(timeout=3600)",
      barrier: "threading.Barrier(2).wait()",
      future: "concurrent.futures.Future().result()",
      timer: "threading.Timer(3600, print).run()",
      semaphore: "threading.Semaphore(0).acquire()",
      twice: "lock = threading.Lock(); lock.acquire(); lock.acquire()",
      patient: "lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=3600)",
      // Not threading's, whatever it is called.
      other: "Condition().wait()",
    };
    const defs = Object.entries(waits).map(
      ([name, statement]) =>
        `
def in_${name}():
    ${statement}
threading.Thread(target=in_${name}, name='${name}', daemon=True).start()
`,
    );
    await py.run(`
import concurrent.futures, queue, threading
class Condition:
    def wait(self):
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
${defs.join("")}`);
    const others = () => py.threads().filter((thread) => !thread.main);
    await until(
      py,
      () => others().length === Object.keys(waits).length && others().every(({ since }) => since >= 50),
    );
    const seen = others().map(({ name, ident, waitingOn, heldBy, left }) => [
      name,
      waitingOn?.kind,
      heldBy === ident ? "itself" : heldBy,
      left && Math.ceil(left / 100_000),
    ]);
    assert.deepEqual(seen, [
      ["event", "condition", null, null],
      ["condition", "condition", null, 36],
      ["queue", "condition", null, null],
      ["limited", "condition", null, 36],
      ["barrier", "condition", null, null],
      ["future", "condition", null, null],
      ["timer", "condition", null, 36],
      ["semaphore", "condition", null, null],
      ["twice", "lock", "itself", null],
      ["patient", "lock", "itself", 36],
      ["other", "lock", "itself", null],
    ]);
  });
});
