// All that an interrupt leaves alone, and interrupts that come at odd moments or in masses.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ClosedError } from "../../../js/src/index.js";
import { noBuild, testPython, until, within } from "../support.js";

const options = { skip: noBuild };
const MANY = 10_000;
const SIGTERM = 15;
const SIGUSR1 = 10;
const SIGCHLD = 17;

/** @typedef {import("../../../js/src/index.js").Python} Python */

/** @param {Promise<any>} promise @returns {Promise<any>} what it rejects with */
const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`resolved with ${value}`),
    (error) => error,
  );

/**
 * Interrupts the code once its main thread is in the function of this name.
 * @param {Python} py
 * @param {string} code
 * @param {string} name
 */
async function interruptIn(py, code, name) {
  const stopped = rejection(py.run(code));
  await until(py, () => py.stacks()[0].frames.some((frame) => frame.name === name));
  py.interrupt();
  assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
}

describe("after an interrupt", options, () => {
  test("variables, functions, open files and imports are there", async (t) => {
    const py = await testPython(t);
    await interruptIn(
      py,
      `
import json
value = {"a": [1]}
file = open("/tmp/f", "w+")
file.write("text")
def spin():
    while True: pass
def work():
    value["a"].append(2)
    spin()
work()`,
      "spin",
    );
    assert.equal(
      await py.run("file.seek(0); json.dumps([value, file.read(), work.__name__])"),
      '[{"a": [1, 2]}, "text", "work"]',
    );
  });

  test("other threads go on, and keep what they hold", async (t) => {
    const py = await testPython(t);
    await interruptIn(
      py,
      `
import threading, time
count, go_on, held = 0, True, threading.Lock()
def counter():
    global count
    with held:
        while go_on:
            count += 1
            time.sleep(0.001)
thread = threading.Thread(target=counter)
thread.start()
def wait():
    thread.join()
wait()`,
      "wait",
    );
    const [before, locked] = await py.run("[count, held.locked()]");
    assert.equal(locked, true);
    await within(py, py.run(`while count < ${before} + 10: time.sleep(0.001)`));
    assert.deepEqual(
      await within(py, py.run("go_on = False; thread.join(); [thread.is_alive(), held.locked()]")),
      [false, false],
    );
  });

  test("the locks of its with blocks are released, and finally has run", async (t) => {
    const py = await testPython(t);
    await interruptIn(
      py,
      `
import threading, time
lock, rlock, semaphore, condition = threading.Lock(), threading.RLock(), threading.Semaphore(), threading.Condition()
steps = []
def inside():
    time.sleep(1000)
def work():
    with lock, rlock, semaphore, condition:
        try:
            inside()
        finally:
            steps.append("finally")
work()`,
      "inside",
    );
    const code = `
def free(thing):
    "Whether another thread can have it."
    got = []
    thread = threading.Thread(target=lambda: got.append(thing.acquire(blocking=False)))
    thread.start()
    thread.join()
    return got[0]
[[free(thing) for thing in (lock, rlock, semaphore, condition)], steps]`;
    assert.deepEqual(await within(py, py.run(code)), [[true, true, true, true], ["finally"]]);
  });

  test("it can be interrupted again, a hundred times", async (t) => {
    const py = await testPython(t);
    await py.run("import time\nn = 0");
    for (let i = 0; i < 100; i++) {
      const stopped = rejection(py.run("n += 1\ntime.sleep(1000)"));
      await until(py, () => py.threads()[0].waitingOn?.kind === "sleep");
      py.interrupt();
      assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
    }
    assert.equal(await py.run("n"), 100);
  });
});

describe("interrupt()", options, () => {
  test("refuses what is no signal, and has no effect then", async (t) => {
    const py = await testPython(t);
    const run = py.run("import time\ntime.sleep(0.3)\n5");
    for (const signum of [0, -1, 65, 1000, 2.5, NaN, Infinity, -Infinity]) {
      assert.throws(
        () => py.interrupt(signum),
        { name: "OptionError", message: /no such signal/ },
        `${signum}`,
      );
    }
    for (const signum of ["2", null, {}, [2], true, 2n, () => 2]) {
      assert.throws(() => py.interrupt(/** @type {any} */ (signum)), {
        name: "OptionError",
        message: /signum/,
      });
    }
    assert.equal(await within(py, run), 5);
  });

  test("throws a ClosedError after close()", async (t) => {
    const py = await testPython(t);
    await py.close();
    assert.throws(() => py.interrupt(), ClosedError);
    assert.throws(() => py.interrupt(SIGTERM), ClosedError);
  });

  test("before the first run and between runs has no effect on the next", async (t) => {
    const py = await testPython(t);
    py.interrupt();
    assert.equal(await within(py, py.run("1")), 1);
    for (let i = 0; i < 50; i++) {
      py.interrupt();
      assert.equal(await within(py, py.run(`${i}`)), i);
    }
  });

  test(`${MANY} at once while nothing runs have no effect`, async (t) => {
    const py = await testPython(t);
    for (let i = 0; i < MANY; i++) py.interrupt();
    assert.equal(await within(py, py.run("1")), 1);
    for (let i = 0; i < MANY; i++) py.interrupt(1 + (i % 64));
    assert.equal(await within(py, py.run("2")), 2);
  });

  for (const [where, code] of [
    ["code runs", "while True: pass"],
    ["code sleeps", "import time; time.sleep(1000)"],
    ["code prints", "while True: print('x')"],
  ]) {
    test(`${MANY} at once while ${where} stop it once, and no later run`, async (t) => {
      const py = await testPython(t, { stdout() {} });
      const stopped = rejection(py.run(code));
      await until(py, () => py.stacks()[0].frames.length > 0);
      for (let i = 0; i < MANY; i++) py.interrupt();
      assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
      for (let i = 0; i < 20; i++) assert.equal(await within(py, py.run(`${i}`)), i);
    });
  }

  test(`${MANY} that are handled all reach the handler, as one or as many`, async (t) => {
    const py = await testPython(t);
    await py.run("import signal, time\nseen = []");
    // A function in C: between the bytecodes of one in Python the next signal's handler runs, inside it, and
    // so on, as in CPython everywhere. A flood can reach the limit of recursion by that.
    await py.run("signal.signal(signal.SIGUSR1, seen.insert) and None");
    const run = py.run("while not seen: time.sleep(0.01)\ntime.sleep(0.1)\nlen(seen)");
    await until(py, () => py.threads()[0].waitingOn?.kind === "sleep");
    for (let i = 0; i < MANY; i++) py.interrupt(SIGUSR1);
    const seen = await within(py, run);
    assert.ok(seen >= 1 && seen <= MANY, `${seen} handled`);
    assert.equal(await within(py, py.run("1")), 1);
  });

  test("with a signal that nobody handles has no effect", async (t) => {
    const py = await testPython(t);
    const run = py.run("import time\ntime.sleep(0.3)\n5");
    for (let i = 0; i < MANY; i++) py.interrupt(i % 2 ? SIGTERM : SIGCHLD);
    assert.equal(await within(py, run), 5);
  });

  test("just before close(), and while runs are queued, harms nothing", async (t) => {
    const py = await testPython(t);
    const runs = Array.from({ length: 10 }, () => py.run("while True: pass").catch((error) => error));
    for (let i = 0; i < 100; i++) py.interrupt();
    assert.equal((await within(py, runs[0])).type, "KeyboardInterrupt");
    py.interrupt();
    await within(py, py.close());
    const last = (await Promise.all(runs)).at(-1);
    assert.ok(last instanceof ClosedError, String(last));
  });
});
