// loadPython() in Node: it fails with a reason, and ends without leaving anything behind.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";

import { ClosedError, LoadError, loadPython, PythonExitError } from "../../js/src/index.js";
import { noBuild, testPython, within } from "./support.js";

const INDEX = new URL("../../js/src/index.js", import.meta.url).href;
const options = { skip: noBuild };

/**
 * Everything says that this Python has ended, and why; nothing waits for it.
 * @param {import("../../js/src/index.js").Python} py
 * @param {Error} cause
 */
async function closedBecause(py, cause) {
  assert.equal(py.closed, true);
  for (const call of [() => py.threads(), () => py.stacks(), () => py.interrupt()]) {
    assert.throws(call, (error) => error instanceof ClosedError && error.cause === cause);
  }
  for (const call of [
    py.run("1"),
    py.fs.readFile("/a"),
    py.fs.writeFile("/a", "b"),
    py.fs.readdir("/"),
    py.fs.mkdir("/c"),
  ]) {
    await assert.rejects(call, (error) => error instanceof ClosedError && error.cause === cause);
  }
  await py.close();
}

describe("the end", options, () => {
  test("close() ends running threads, and later calls reject", async (t) => {
    const py = await testPython(t, { stdout() {} });
    await py.run(
      "import threading\ndef spin():\n    while True: pass\nfor _ in range(4): threading.Thread(target=spin).start()",
    );
    const running = py.run("while True: pass").catch((it) => it);
    await within(py, py.close(), 10_000);
    assert.ok((await running) instanceof ClosedError);
    assert.ok((await py.run("1").catch((it) => it)) instanceof ClosedError);
    assert.ok((await py.fs.readFile("/a").catch((it) => it)) instanceof ClosedError);
    assert.throws(() => py.threads(), ClosedError);
    assert.equal(py.closed, true);
    await py.close();
  });

  test("os._exit() rejects what runs, with the code", async (t) => {
    const py = await testPython(t);
    const error = await py.run("import os; os._exit(4)").catch((it) => it);
    assert.ok(error instanceof PythonExitError);
    assert.equal(error.exitCode, 4);
    await closedBecause(py, error);
  });

  test("os._exit() of a thread ends everything, though others hold locks and memory", async (t) => {
    const py = await testPython(t);
    const code = `
import os, threading, time
def allocate():
    while True: bytearray(100_000)
for _ in range(3): threading.Thread(target=allocate, daemon=True).start()
threading.Timer(0.2, os._exit, [5]).start()
time.sleep(60)`;
    const running = py.run(code).catch((it) => it);
    const queued = py.run("1").catch((it) => it);
    const error = await within(py, running);
    assert.ok(error instanceof PythonExitError, String(error));
    assert.equal(error.exitCode, 5);
    assert.equal((await queued).cause, error);
    await closedBecause(py, error);
  });

  test("a crash rejects what runs, and what comes", async (t) => {
    const py = await testPython(t, { stderr() {} });
    const error = await within(
      py,
      py.run("import faulthandler; faulthandler._sigfpe()").catch((it) => it),
    );
    assert.ok(error instanceof PythonExitError, String(error));
    await closedBecause(py, error);
  });

  test("os.kill() of itself with SIGTERM ends it with 143", async (t) => {
    const py = await testPython(t);
    const code = "import os, signal, time; os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)";
    const error = await within(
      py,
      py.run(code).catch((it) => it),
    );
    assert.ok(error instanceof PythonExitError, String(error));
    assert.equal(error.exitCode, 143);
  });

  test("a wrong place for the files is a LoadError that names it", async () => {
    const error = await loadPython({ indexURL: "/nowhere" }).catch((it) => it);
    assert.ok(error instanceof LoadError);
    assert.match(error.message, /cannot load file:\/\/\/nowhere\/(python\.\w+|stdlib\.zip): /);
  });

  test("twenty times over leaves no memory behind, kept or not", { timeout: 240_000 }, async () => {
    /** @type {number[]} */
    const sizes = [];
    /** @type {import("../../js/src/index.js").Python[]} */
    const kept = [];
    for (let i = 0; i < 20; i++) {
      const py = await loadPython({ indexURL: process.env.HEDDLE_DIST, threads: { warm: 2 } });
      assert.equal(await within(py, py.run("1 + 1")), 2);
      await py.close();
      kept.push(py);
      sizes.push(process.memoryUsage.rss() / 2 ** 20);
    }
    assert.ok(sizes[19] < sizes[4] * 1.3 + 50, `resident MB after each cycle: ${sizes.map(Math.round)}`);
    assert.ok(kept.every(({ closed }) => closed));
  });

  for (const close of [true, false]) {
    test(`the program ends by itself ${close ? "after" : "without"} close()`, async () => {
      const code = `import { loadPython } from ${JSON.stringify(INDEX)};
        const py = await loadPython();
        console.log(await py.run("1 + 1"));
        ${close ? "await py.close();" : ""}
        console.log("end");`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
        timeout: 60_000,
      });
      assert.equal(stdout, "2\nend\n");
    });
  }
});
