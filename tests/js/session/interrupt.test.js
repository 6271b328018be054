// interrupt(): stops code wherever it is, and no later code.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { noBuild, testPython, until, within } from "../support.js";

const options = { skip: noBuild };

describe("interrupt()", options, () => {
  /** @type {[where: string, code: string][]} */
  const places = [
    ["a busy loop", "while True: pass"],
    ["a sleep", "import time; time.sleep(1000)"],
    ["a lock", "import _thread; l = _thread.allocate_lock(); l.acquire(); l.acquire()"],
    [
      "a join",
      "import threading, time; t = threading.Thread(target=time.sleep, args=(1000,), daemon=True); t.start(); t.join()",
    ],
    ["input()", "input()"],
    ["the repr of the result", "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()"],
  ];
  for (const [where, code] of places) {
    test(`stops ${where} and keeps state`, async (t) => {
      const py = await testPython(t, { stdout() {}, stdin: () => new Promise(() => {}) });
      await py.run("kept = 5");
      const stopped = py.run(code).catch((it) => it);
      await new Promise((resolve) => setTimeout(resolve, 200));
      py.interrupt();
      assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
      assert.equal(await within(py, py.run("kept")), 5);
    });
  }

  test("stops a run that has just been asked for", async (t) => {
    const py = await testPython(t);
    for (let i = 0; i < 20; i++) {
      const stopped = py.run("while True: pass").catch((it) => it);
      py.interrupt();
      assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
    }
  });

  test("does not hit a later run", async (t) => {
    const py = await testPython(t);
    for (let i = 0; i < 100; i++) {
      const first = py.run("1").catch((it) => it);
      py.interrupt();
      await first;
      assert.equal(await within(py, py.run("2")), 2);
    }
    py.interrupt();
    assert.equal(await within(py, py.run("3")), 3);
  });

  test("sends other signals", async (t) => {
    const py = await testPython(t);
    await py.run("import signal, time; got = []; signal.signal(signal.SIGTERM, lambda n, f: got.append(n))");
    const sleeping = py.run("while not got: time.sleep(0.01)\ngot");
    await until(py, () => py.threads()[0].waitingOn?.kind === "sleep");
    py.interrupt(15);
    assert.deepEqual(await within(py, sleeping), [15]);
    assert.throws(() => py.interrupt(1000), /no such signal/);
  });
});
