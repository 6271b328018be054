// loadPython() in Node: run, interrupt, threads, files, close.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";

import {
  ClosedError,
  FileError,
  LoadError,
  loadPython,
  PyRepr,
  PythonError,
  PythonExitError,
} from "../../js/src/index.js";
import { noBuild, temporaryFolder, testPython, until, within } from "./support.js";

const INDEX = new URL("../../js/src/index.js", import.meta.url).href;
const options = { skip: noBuild };

describe("run()", options, () => {
  test("gives the value of a last expression, and keeps state", async (t) => {
    const py = await testPython(t);
    assert.equal(await py.run("x = 20"), undefined);
    assert.equal(await py.run("y = 1\nx * 2 + 2 * y"), 42);
    assert.equal(await py.run("def f():\n    return x\nf()"), 20);
  });

  test("copies values", async (t) => {
    const py = await testPython(t);
    const value = await py.run(
      "[None, True, 2**53 - 1, -2**70, 1.5, -0.0, float('nan'), 'é\\ud800', b'\\x00\\xff', (1,), {'a': {1}}]",
    );
    assert.deepEqual(value, [
      undefined,
      true,
      2 ** 53 - 1,
      -(2n ** 70n),
      1.5,
      -0,
      NaN,
      "é\ud800",
      new Uint8Array([0, 255]),
      [1],
      new Map([["a", new Set([1])]]),
    ]);
    assert.deepEqual(await py.run("v", { globals: { v: value } }), value);
    const repr = await py.run("object");
    assert.ok(repr instanceof PyRepr);
    assert.deepEqual([repr.type, repr.repr], ["type", "<class 'object'>"]);
    const cycle = await py.run("l = []; l.append(l); l");
    assert.deepEqual([cycle[0].type, cycle[0].repr], ["list", "[[...]]"]);
  });

  test("rejects with a PythonError that shows Python's traceback", async (t) => {
    const py = await testPython(t);
    await py.run("def divide(a, b):\n    return a / b\n", { filename: "maths.py" });
    const error = await py.run("divide(1, 0)", { filename: "main.py" }).catch((it) => it);
    assert.ok(error instanceof PythonError);
    assert.deepEqual(
      [error.name, error.type, error.message],
      ["PythonError", "ZeroDivisionError", "division by zero"],
    );
    assert.match(
      error.traceback,
      /^Traceback \(most recent call last\):\n  File "main.py", line 1, in <module>\n    divide\(1, 0\)\n/,
    );
    assert.match(error.traceback, /File "maths.py", line 2, in divide\n    return a \/ b\n/);
    assert.match(error.traceback, /\nZeroDivisionError: division by zero\n$/);
    assert.deepEqual(error.frames.at(-1), { filename: "maths.py", line: 2, name: "divide" });
    assert.match(error.stack ?? "", /load-python\.test\.js/);
  });

  test("rejects with a SyntaxError's place", async (t) => {
    const py = await testPython(t);
    const error = await py.run("x = 1\nif", { filename: "main.py" }).catch((it) => it);
    assert.equal(error.type, "SyntaxError");
    assert.deepEqual(error.frames, [{ filename: "main.py", line: 2, name: "<module>" }]);
    assert.doesNotMatch(error.traceback, /Traceback/);
  });

  test("nothing runs of code that does not compile, its last expression included", async (t) => {
    const py = await testPython(t);
    const cases = /** @type {const} */ ([
      ["ran = 1\nawait ran", "SyntaxError"],
      ["ran = 1\n(yield)", "SyntaxError"],
      ["ran = 1\nreturn", "SyntaxError"],
      ["ran = 1\0", "SyntaxError"],
      ["ran = 1\n'\ud800'", "UnicodeEncodeError"],
      [`ran = 1\n${"(".repeat(150)}`, "SyntaxError"],
      [`ran = 1\n${"-".repeat(100_000)}1`, "MemoryError"],
    ]);
    for (const [code, type] of cases) {
      const error = await py.run(code).catch((it) => it);
      assert.equal(error.type, type, code.slice(0, 40));
    }
    const error = await py.run("ran = 1", { filename: "a\0b" }).catch((it) => it);
    assert.deepEqual([error.type, error.message], ["ValueError", "embedded null character"]);
    assert.equal(await py.run("'ran' in globals()"), false);
  });

  test("a __future__ import holds for the last expression too, and for no later run", async (t) => {
    const py = await testPython(t);
    const barry = "from __future__ import barry_as_FLUFL\n";
    assert.equal(await py.run(`${barry}x = 1 <> 2\nx <> False`), true);
    assert.equal((await py.run("1 <> 2").catch((it) => it)).type, "SyntaxError");
    assert.equal(await py.run("'a docstring'\n"), "a docstring");
    assert.equal(await py.run("'a docstring'\nx"), true);
    assert.equal(await py.run("# nothing"), undefined);
    assert.equal(await py.run(""), undefined);
  });

  test("outlives SystemExit", async (t) => {
    const py = await testPython(t);
    const error = await py.run("import sys; sys.exit(3)").catch((it) => it);
    assert.deepEqual([error.type, error.code], ["SystemExit", 3]);
    assert.equal(await py.run("1"), 1);
  });

  test("calls wait for their turn", async (t) => {
    const py = await testPython(t);
    const values = await Promise.all([
      py.run("import time; time.sleep(0.1); a = [1]"),
      py.run("a.append(2)"),
      py.run("a"),
    ]);
    assert.deepEqual(values[2], [1, 2]);
  });

  test("delivers output before the result", async (t) => {
    /** @type {[string, string, number][]} */
    const seen = [];
    const py = await testPython(t, {
      stdout: (text, thread) => seen.push(["out", text, thread]),
      stderr: (text, thread) => seen.push(["err", text, thread]),
    });
    const ident = await py.run(
      "import sys, threading; print('é', end=''); print('x', file=sys.stderr, end=''); threading.get_ident()",
    );
    assert.deepEqual(seen, [
      ["out", "é", ident],
      ["err", "x", ident],
    ]);
  });

  test("asks stdin for lines", async (t) => {
    const lines = ["one", "two\n"];
    const py = await testPython(t, { stdout() {}, stdin: async () => lines.shift() ?? null });
    assert.deepEqual(await py.run("[input('? '), input()]"), ["one", "two"]);
    const error = await py.run("input()").catch((it) => it);
    assert.equal(error.type, "EOFError");
  });

  test("has args, env and files", async (t) => {
    const py = await testPython(t, {
      args: ["a", "-b"],
      env: { NAME: "value" },
      files: { "/home/user/m/mod.py": "X = 1", "/data/b": new Uint8Array([7]) },
    });
    assert.deepEqual(
      await py.run(
        "import sys, os; [sys.argv, os.environ['NAME'], os.getcwd(), open('/data/b', 'rb').read()]",
      ),
      [["", "a", "-b"], "value", "/home/user", new Uint8Array([7])],
    );
    assert.equal(await py.run("from m import mod; mod.X"), 1);
  });

  test("runs threads", async (t) => {
    const py = await testPython(t);
    const code =
      "import threading\nr = []\nts = [threading.Thread(target=r.append, args=(i,)) for i in range(16)]\n[t.start() for t in ts]\n[t.join() for t in ts]\nsorted(r)";
    assert.deepEqual(
      await within(py, py.run(code)),
      Array.from({ length: 16 }, (_, i) => i),
    );
  });
});

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
        `def in_${name}():\n    ${statement}\nthreading.Thread(target=in_${name}, name='${name}', daemon=True).start()\n`,
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

describe("fs", options, () => {
  test("reads and writes what Python sees", async (t) => {
    const py = await testPython(t);
    await py.fs.mkdir("/home/user/a/b", { recursive: true });
    await py.fs.writeFile("/home/user/a/b/c.txt", "é");
    assert.equal(await py.run("open('a/b/c.txt', encoding='utf-8').read()"), "é");
    await py.run("with open('a/b/d.bin', 'wb') as f: f.write(bytes(range(256)) * 1000)");
    assert.equal((await py.fs.readFile("/home/user/a/b/d.bin")).length, 256_000);
    assert.equal(await py.fs.readFile("/home/user/a/b/c.txt", "utf8"), "é");
    assert.deepEqual(await py.fs.readdir("/home/user/a/b"), ["c.txt", "d.bin"]);
    const { isFile, isDirectory, size, mtime } = await py.fs.stat("/home/user/a/b/c.txt");
    assert.deepEqual([isFile, isDirectory, size], [true, false, 2]);
    assert.ok(Math.abs(mtime.getTime() - Date.now()) < 60_000);
    await py.fs.rename("/home/user/a/b/c.txt", "/home/user/e.txt");
    assert.equal(await py.fs.exists("/home/user/a/b/c.txt"), false);
    await py.fs.unlink("/home/user/e.txt");
    await py.fs.unlink("/home/user/a/b/d.bin");
    await py.fs.rmdir("/home/user/a/b");
    assert.deepEqual(await py.fs.readdir("/home/user/a"), []);
  });

  test("says what went wrong", async (t) => {
    const py = await testPython(t);
    /** @type {[Promise<any>, string][]} */
    const failures = [
      [py.fs.readFile("/nothing"), "ENOENT"],
      [py.fs.readFile("/home"), "EISDIR"],
      [py.fs.readdir("/nothing"), "ENOENT"],
      [py.fs.mkdir("/home"), "EEXIST"],
      [py.fs.rmdir("/home"), "ENOTEMPTY"],
    ];
    for (const [promise, code] of failures) {
      const error = await promise.catch((it) => it);
      assert.ok(error instanceof FileError);
      assert.equal(error.code, code, error.message);
    }
  });

  test("hostFolders are read and written", async (t) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "in.txt"), "from the host");
    const py = await testPython(t, { hostFolders: [{ path: "/mnt/data", hostPath: folder }] });
    assert.equal(
      await py.run("open('/mnt/data/out.txt', 'w').write('x'); open('/mnt/data/in.txt').read()"),
      "from the host",
    );
    assert.equal(await py.fs.readFile(`/mnt/data/out.txt`, "utf8"), "x");
  });
});

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
