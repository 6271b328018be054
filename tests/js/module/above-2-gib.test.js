// Memory above 2 GiB, where addresses are negative to who reads them as signed, and memory that is full.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, mock, test } from "node:test";

import { FileError, OutOfMemoryError, PythonError, PythonExitError } from "../../../js/src/errors.js";
import { nodeHost } from "../../../js/src/host/host-node.js";
import { heddle, noBuild, temporaryFolder, testPython, until, within } from "../support.js";

const DEADLINE_MS = 20_000;
const GIB_2 = 2 ** 31;

// What is free below 2 GiB is taken. Nobody writes to a writer's buffer, so it costs the machine nothing.
const TAKE_2_GIB = `
import io
def take(size):
    return io.BufferedWriter(io.BytesIO(), size)
taken = [take(1 << 27) for _ in range(20)]
while id(piece := bytes(600)) < 1 << 31:
    taken.append(piece)
`;

// All but some hundred KB.
const TAKE_REST = `
size = 1 << 27
while size >= 1 << 17:
    try:
        taken.append(take(size))
    except MemoryError:
        size >>= 1
`;

/** @param {Promise<any>} promise @returns {Promise<any>} what it rejects with */
const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`resolved with ${String(value).slice(0, 80)}`),
    (error) => error,
  );

/**
 * A Python that has no memory left below 2 GiB.
 * @param {import("node:test").TestContext} t
 * @param {import("../../../js/src/load-python.js").LoadOptions} [options]
 */
async function highPython(t, options) {
  const py = await testPython(t, options);
  await within(py, py.run(TAKE_2_GIB), DEADLINE_MS);
  /** @type {typeof py.run} */
  const run = (...args) => within(py, py.run(...args), DEADLINE_MS);
  return { py, run };
}

describe("above 2 GiB", { skip: noBuild, timeout: 4 * DEADLINE_MS }, () => {
  test("requests, replies, output and input of a megabyte arrive", async (t) => {
    let printed = "";
    const { run } = await highPython(t, {
      stdout: (text) => void (printed += text),
      stdin: async () => "b".repeat(1_000_000),
    });
    assert.equal(await run("len('a' * 1_000_000)"), 1_000_000);
    assert.equal(await run("'a' * 1_000_000"), "a".repeat(1_000_000));
    assert.equal(await run(`#${"c".repeat(1_000_000)}\n2`), 2);
    const bytes = randomBytes(1_000_000);
    assert.deepEqual(Buffer.from(await run("given", { globals: { given: bytes } })), bytes);
    assert.equal(await run("id(given) > 1 << 31"), true);
    assert.equal(await run("input('? ')"), "b".repeat(1_000_000));
    await run("print('d' * 1_000_000)");
    assert.equal(printed, `? ${"d".repeat(1_000_000)}\n`);
    assert.equal((await rejection(run("raise ValueError('e' * 1_000_000)"))).message.length, 1_000_000);
  });

  test("files are written, read, listed and looked at", async (t) => {
    const { py, run } = await highPython(t);
    const content = randomBytes(3_000_000);
    await py.fs.writeFile("/home/user/a", content);
    assert.deepEqual(Buffer.from(await py.fs.readFile("/home/user/a")), content);
    assert.deepEqual(Buffer.from(await run("open('/home/user/a', 'rb').read()")), content);
    const names = Array.from({ length: 300 }, (_, n) => `${n}-`.padEnd(200, "n"));
    await run("import os\nos.mkdir('/home/user/b')\nfor n in names: open(f'/home/user/b/{n}', 'w').close()", {
      globals: { names },
    });
    assert.deepEqual(await py.fs.readdir("/home/user/b"), names.sort());
    const { size, isFile } = await py.fs.stat("/home/user/a");
    assert.deepEqual([size, isFile], [3_000_000, true]);
    assert.equal((await rejection(py.fs.readFile(`/${"n".repeat(200)}`))).code, "ENOENT");
  });

  test("the files and the input of the machine are read into memory there, and written from it", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "in"), randomBytes(3_000_000));
    const program = `${TAKE_2_GIB}
import os, sys
data = open("in", "rb").read()
assert id(data) > 1 << 31
open("out", "wb").write(data)
os.symlink("in", "link")
print(sorted(os.listdir()), os.readlink("link"), os.stat("in").st_size)
print(len(set(os.urandom(1_000_000))), len(sys.stdin.read()))`;
    const input = "x".repeat(1_000_000);
    const { code, stdout, stderr } = await heddle(["-c", program], { cwd: folder, input });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "['in', 'link', 'out'] in 3000000\n256 1000000\n");
    assert.deepEqual(readFileSync(join(folder, "out")), readFileSync(join(folder, "in")));
  });

  test("threads start there, are seen, stopped and joined, and one that is killed ends Python", async (t) => {
    /** @type {Set<import("../../../js/src/host/host.js").CarrierWorker>} */
    const workers = new Set();
    const { createWorker } = nodeHost;
    mock.method(nodeHost, "createWorker", (/** @type {string} */ url, /** @type {any} */ onFailure) => {
      const worker = createWorker(url, onFailure);
      workers.add(worker);
      return worker;
    });
    t.after(() => mock.restoreAll());
    const { py, run } = await highPython(t);
    await run(`
import threading
threading.stack_size(32 << 20)  # larger than the stacks of the threads that are kept ready
go = threading.Event()
numbers = []
def work(number):
    go.wait()
    numbers.append(number)
def start():
    threads = [threading.Thread(target=work, args=(n,), name=f"work-{n}") for n in range(8)]
    for thread in threads: thread.start()
    return threads`);
    const above = () => [...workers].filter(({ pthread_ptr: token = 0 }) => token > GIB_2);
    assert.equal(above().length, 0);
    const joining = py.run("for thread in start(): thread.join()").catch((error) => error);
    await until(py, () => py.threads().filter(({ waitingOn }) => waitingOn !== null).length === 9);
    assert.equal(above().length, 8, "eight carriers have tokens above 2 GiB");
    assert.deepEqual(
      py.stacks().map(({ name, frames }) => [name, frames.some((frame) => frame.name === "work")]),
      [["MainThread", false], ...Array.from({ length: 8 }, (_, n) => [`work-${n}`, true])],
    );
    py.interrupt();
    assert.equal((await within(py, joining, DEADLINE_MS)).type, "KeyboardInterrupt");
    const names = "[t for t in threading.enumerate() if t.name.startswith('work')]";
    assert.equal(await run(`go.set()\nfor t in ${names}: t.join()\nlen(numbers)`), 8);

    await run("go.clear()\nthreads = start()");
    assert.equal(py.threads().length, 9);
    const waiting = py.run("threads[0].join()").catch((error) => error);
    const [worker] = above();
    assert.ok(worker);
    /** @type {any} */ (worker).terminate();
    const error = await within(py, waiting, DEADLINE_MS);
    assert.ok(error instanceof PythonExitError, String(error));
    assert.equal(py.closed, true);
  });

  test("snapshots grow there", async (t) => {
    const { py, run } = await highPython(t);
    await run(`
import threading
go = threading.Event()
threads = [threading.Thread(target=go.wait, name="n" * 4000) for _ in range(30)]
for thread in threads: thread.start()`);
    assert.equal(py.threads().length, 31);
    assert.equal(py.stacks().length, 31);
    await run("go.set()\nfor thread in threads: thread.join()");
    assert.equal(py.threads().length, 1);
  });
});

describe("where memory is full", { skip: noBuild, timeout: 4 * DEADLINE_MS }, () => {
  test("a reply that does not fit is a MemoryError, and the session goes on", async (t) => {
    const { run } = await highPython(t);
    await run("text = 'a' * 2_000_000\nblob = bytes(2_000_000)");
    await run(TAKE_REST);
    for (const code of ["text", "blob", "[text] * 9", "raise ValueError(text)", "raise SystemExit(blob)"]) {
      const error = await rejection(run(code));
      assert.ok(error instanceof PythonError, String(error));
      assert.equal(error.type, "MemoryError", code);
      assert.equal(await run("1 + 1"), 2);
    }
    await run("taken.clear()");
    assert.equal((await run("text")).length, 2_000_000);
  });

  test("a request that does not fit rejects with an error that says so, and the session goes on", async (t) => {
    const { run } = await highPython(t);
    await run(TAKE_REST);
    const big = new Uint8Array(5_000_000);
    const long = `#${"x".repeat(5_000_000)}`;
    for (const refused of [() => run("1", { globals: { big } }), () => run(long)]) {
      const error = await rejection(refused());
      assert.ok(error instanceof OutOfMemoryError, String(error));
      assert.match(error.message, /^heddle: Python has no memory left for 50000\d\d bytes\. /);
      assert.equal(await run("1 + 1"), 2);
    }
    await run("taken.clear()");
    assert.equal(await run("len(big)", { globals: { big } }), 5_000_000);
  });

  test("what half fits leaves the session as it was", async (t) => {
    const { run } = await highPython(t);
    await run(TAKE_REST);
    // Two copies of some of these fit, and not the third. One name: the last source of each is kept.
    for (let size = 1000; size < 3_000_000; size = Math.floor(size * 1.3)) {
      await run(`#${"x".repeat(size)}`, { filename: "comment.py" }).catch((error) => {
        if (!(error instanceof OutOfMemoryError)) assert.equal(error.type, "MemoryError", String(error));
      });
      assert.equal(await run("1 + 1"), 2);
    }
  });

  test("files are refused with ENOMEM, an import with OSError, and input and output still flow", async (t) => {
    let printed = "";
    const { py, run } = await highPython(t, {
      stdout: (text) => void (printed += text),
      stderr() {},
      stdin: async () => "line\n".repeat(100_000),
    });
    await py.fs.writeFile("/home/user/a", new Uint8Array(3_000_000));
    await run(TAKE_REST);
    for (const refused of [
      () => py.fs.readFile("/home/user/a"),
      () => py.fs.writeFile("/home/user/b", new Uint8Array(5_000_000)),
      () => py.fs.stat(`/${"n".repeat(5_000_000)}`),
    ]) {
      const error = await rejection(refused());
      assert.ok(error instanceof FileError, String(error));
      assert.equal(error.code, "ENOMEM");
    }
    assert.equal((await rejection(run("import sqlite3"))).type, "OSError");
    assert.equal(await run("import sys\nsum(len(sys.stdin.readline()) for _ in range(100_000))"), 500_000);
    await run("for _ in range(1000): print('x' * 999)");
    assert.equal(printed, `${"x".repeat(999)}\n`.repeat(1000));
    assert.equal((await py.fs.stat("/home/user/a")).size, 3_000_000);
  });
});
