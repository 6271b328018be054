// Stopping a run: timeouts, AbortSignals, and code that does not stop.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ClosedError, PythonError, TimeoutError, UnresponsiveError } from "../../../js/src/index.js";
import { noBuild, testPython, until, within } from "../support.js";

const options = { skip: noBuild };

// Long enough for the code to begin, on a busy machine too.
const TIMEOUT_MS = 1000;

const STUBBORN = `
def stubborn():
    while True:
        try:
            while True: pass
        except BaseException:
            pass
stubborn()`;

/** @param {Promise<any>} promise @returns {Promise<any>} what it rejects with */
const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`resolved with ${value}`),
    (error) => error,
  );

/** @param {import("../../../js/src/index.js").Python} py @param {number} line that the main thread must have reached */
const hasReached = (py, line) => until(py, () => py.stacks()[0].frames.some((frame) => frame.line === line));

describe("a timeout", options, () => {
  test("interrupts the code; its KeyboardInterrupt says why", async (t) => {
    const py = await testPython(t);
    await py.run("0"); // the first run imports something
    for (const code of [
      "while True: pass",
      "import time; time.sleep(60)",
      "import threading; threading.Event().wait()",
    ]) {
      const error = await within(py, rejection(py.run(code, { timeout: TIMEOUT_MS, filename: "slow.py" })));
      assert.ok(error instanceof PythonError, String(error));
      assert.equal(error.type, "KeyboardInterrupt");
      assert.equal(error.frames[0]?.filename, "slow.py");
      assert.ok(error.cause instanceof TimeoutError);
      assert.match(error.cause.message, /timeout of 1000 ms/);
    }
    assert.equal(await within(py, py.run("1 + 1", { timeout: 60_000 })), 2);
  });

  test("is also one when the code ends all the same, or with another exception", async (t) => {
    const py = await testPython(t);
    const swallowed = "try:\n    while True: pass\nexcept KeyboardInterrupt: kept = 1";
    assert.ok(
      (await within(py, rejection(py.run(swallowed, { timeout: TIMEOUT_MS })))) instanceof TimeoutError,
    );
    const other = "try:\n    while True: pass\nexcept KeyboardInterrupt: raise ValueError(kept)";
    const error = await within(py, rejection(py.run(other, { timeout: TIMEOUT_MS })));
    assert.deepEqual([error.type, error.message], ["ValueError", "1"]);
    assert.ok(error.cause instanceof TimeoutError);
  });

  test("interrupts again when one interrupt gets lost", async (t) => {
    const py = await testPython(t);
    const code =
      "caught = 0\nwhile caught < 2:\n    try:\n        while True: pass\n    except KeyboardInterrupt: caught += 1";
    assert.ok((await within(py, rejection(py.run(code, { timeout: TIMEOUT_MS })))) instanceof TimeoutError);
    assert.equal(await py.run("caught"), 2);
  });

  test("of no time at all is raised before the code begins", async (t) => {
    const py = await testPython(t);
    const code = `began = 1\n${"pass\n".repeat(150_000)}`; // takes half a second to compile
    const error = await within(py, rejection(py.run(code, { timeout: 0 })));
    assert.equal(error.type, "KeyboardInterrupt");
    assert.equal(await within(py, py.run("'began' in globals()")), false);
    assert.ok(error.frames.every((/** @type {any} */ frame) => frame.filename === "<run 1>"));
  });

  test("hits nothing of what comes after the code: the error is described in peace", async (t) => {
    const py = await testPython(t);
    const run = rejection(py.run("def f():\n    while True: pass\nf()", { filename: "f.py" }));
    await hasReached(py, 2);
    // The first traceback takes a while: these all come on the way.
    const flood = setInterval(() => py.interrupt());
    const error = await within(py, run);
    clearInterval(flood);
    assert.equal(error.type, "KeyboardInterrupt");
    assert.match(
      error.traceback,
      /^Traceback .*\n.*"f.py", line 3.*\n[^]*line 2, in f\n[^]*\nKeyboardInterrupt\n$/,
    );
    assert.equal(error.traceback.includes("During handling"), false);
    assert.equal(await within(py, py.run("1")), 1);
  });

  test("ends an exception's own str(), which never ends", async (t) => {
    const py = await testPython(t);
    const code = "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E";
    const error = await within(py, rejection(py.run(code, { timeout: TIMEOUT_MS })));
    assert.equal(error.type, "KeyboardInterrupt");
  });

  test("of loadPython() holds for every run, unless it says otherwise", async (t) => {
    const py = await testPython(t, { timeout: TIMEOUT_MS });
    assert.equal((await within(py, rejection(py.run("while True: pass")))).type, "KeyboardInterrupt");
    assert.equal(await py.run("import time; time.sleep(1.5); 1", { timeout: Infinity }), 1);
    assert.equal(await py.run("2", { timeout: 2 ** 40 }), 2);
  });

  test("that is no number of milliseconds is refused", async (t) => {
    const py = await testPython(t);
    for (const timeout of [NaN, -1, -Infinity]) {
      const message = `heddle: run(): timeout is ${timeout}. Give milliseconds, 0 or more.`;
      await assert.rejects(py.run("1", { timeout }), { name: "OptionError", message });
    }
    for (const timeout of ["100", null, {}]) {
      await assert.rejects(py.run("1", { timeout: /** @type {any} */ (timeout) }), {
        name: "OptionError",
        message: /run\(\): timeout is (a string|null|an object)\. Give a number of milliseconds\.$/,
      });
    }
    await assert.rejects(py.run("1", { grace: -1 }), /run\(\): grace is -1. Give milliseconds, 0 or more/);
    assert.equal(await py.run("3"), 3);
  });
});

describe("an AbortSignal", options, () => {
  test("stops what runs once it has ended, and what is queued at once", async (t) => {
    const py = await testPython(t);
    const controller = new AbortController();
    const { signal } = controller;
    const running = rejection(py.run("try:\n    while True: pass\nfinally: cleaned = 1", { signal }));
    const queued = rejection(py.run("never = 1", { signal }));
    const reason = new Error("enough");
    await hasReached(py, 2);
    controller.abort(reason);
    assert.equal(await within(py, queued), reason);
    assert.equal(await within(py, running), reason);
    assert.deepEqual(await within(py, py.run("['never' in globals(), cleaned]")), [false, 1]);
    assert.equal(await rejection(py.run("never = 1", { signal })), reason);
  });

  test("that is a timeout's stops what runs with a TimeoutError of the platform's", async (t) => {
    const py = await testPython(t);
    const error = await within(
      py,
      rejection(py.run("while True: pass", { signal: AbortSignal.timeout(TIMEOUT_MS) })),
    );
    assert.ok(error instanceof DOMException, String(error));
    assert.equal(error.name, "TimeoutError");
    assert.equal(await within(py, py.run("1")), 1);
  });

  test("gives up code that goes on, and says why it was aborted", async (t) => {
    const py = await testPython(t);
    const controller = new AbortController();
    const run = rejection(py.run(STUBBORN, { signal: controller.signal, grace: 700 }));
    await hasReached(py, 5);
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await within(py, run);
    assert.ok(error instanceof UnresponsiveError, String(error));
    assert.equal(error.cause, reason);
    assert.equal(py.closed, true);
  });
});

describe("code that does not stop", options, () => {
  test("is given up after the grace of its timeout, and Python closed", async (t) => {
    const py = await testPython(t);
    const run = rejection(py.run(STUBBORN, { timeout: TIMEOUT_MS, grace: 700, filename: "stubborn.py" }));
    const queued = rejection(py.run("1"));
    const error = await within(py, run);
    assert.ok(error instanceof UnresponsiveError, String(error));
    assert.match(error.message, /went on for 700 ms after it was interrupted, in stubborn.py, line \d/);
    assert.equal(error.frames.at(-1)?.name, "stubborn");
    assert.ok(error.cause instanceof TimeoutError);
    assert.equal(py.closed, true);
    for (const later of [queued, rejection(py.run("1"))]) {
      const closed = await later;
      assert.ok(closed instanceof ClosedError);
      assert.equal(closed.cause, error);
      assert.match(closed.message, /closed after a run that did not stop/);
    }
    await py.close();
  });

  test("in a long call of C code is given up too", async (t) => {
    const py = await testPython(t);
    const error = await within(
      py,
      rejection(py.run("sum(range(10**12))", { timeout: TIMEOUT_MS, grace: 300 })),
    );
    assert.ok(error instanceof UnresponsiveError);
  });

  test("is given up after interrupt()'s grace, and never without one", async (t) => {
    const py = await testPython(t);
    const run = rejection(py.run(STUBBORN));
    await hasReached(py, 5);
    py.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(py.closed, false);
    py.interrupt(2, { grace: 200 });
    const error = await within(py, run);
    assert.ok(error instanceof UnresponsiveError);
    assert.equal(error.cause, undefined);
  });

  test("interrupt() with a grace interrupts again when one interrupt gets lost", async (t) => {
    const py = await testPython(t);
    const code = `caught = 0
while caught < 2:
    try:
        while True: pass
    except KeyboardInterrupt: caught += 1
caught`;
    const run = py.run(code);
    await hasReached(py, 4);
    py.interrupt(2, { grace: 30_000 });
    assert.equal(await within(py, run), 2);
    assert.equal(py.closed, false);
    assert.equal(await within(py, py.run("caught")), 2);
  });

  test("an interrupt that a __del__ method swallows is made up for by the next", async (t) => {
    const py = await testPython(t, { stderr() {} });
    const code = `
class Swallows:
    def __del__(self):
        while True: pass
value = Swallows()
del value
while True: pass`;
    const run = rejection(py.run(code));
    await hasReached(py, 4);
    py.interrupt(2, { grace: 30_000 });
    assert.equal((await within(py, run)).type, "KeyboardInterrupt");
    assert.equal(await within(py, py.run("1")), 1);
  });

  test("a grace that is no number of milliseconds is refused, before the first run too", async (t) => {
    const py = await testPython(t);
    assert.throws(() => py.interrupt(2, { grace: -1 }), /interrupt\(\): grace is -1/);
    assert.throws(() => py.interrupt(2, { grace: /** @type {any} */ ("1") }), {
      name: "OptionError",
      message: "heddle: interrupt(): grace is a string. Give a number of milliseconds.",
    });
    await assert.rejects(testPython(t, { grace: -1 }), /loadPython\(\): grace is -1/);
    await assert.rejects(testPython(t, { timeout: NaN }), /loadPython\(\): timeout is NaN/);
  });

  test("a grace does nothing to a run that ends in time, or to the next one", async (t) => {
    const py = await testPython(t);
    const stopped = rejection(py.run("while True: pass"));
    py.interrupt(2, { grace: 1500 });
    assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
    assert.equal(await within(py, py.run("import time; time.sleep(2); 1")), 1);
    py.interrupt(2, { grace: 0 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(py.closed, false);
  });
});
