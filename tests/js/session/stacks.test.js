// py.stacks(): where every thread is, while they run, wait, or hold everything up.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ClosedError } from "../../../js/src/index.js";
import { noBuild, testPython, until, within } from "../support.js";

const options = { skip: noBuild };

/**
 * @param {import("../../../js/src/index.js").Python} py
 * @param {string} name of a thread
 */
const callsOf = (py, name) =>
  (py.stacks().find((stack) => stack.name === name)?.frames ?? []).map(
    (frame) => `${frame.filename}:${frame.line} ${frame.name}`,
  );

describe("stacks()", options, () => {
  test("shows waiting threads exactly, outermost call first, and nothing of the session", async (t) => {
    const py = await testPython(t);
    const code = `import threading
lock = threading.Lock()
lock.acquire()
class Été:
    def wait(self):
        lock.acquire()
def work():
    Été().wait()
threading.Thread(target=work, name="w", daemon=True).start()`;
    await py.run(code, { filename: "work.py" });
    await until(py, () =>
      py.threads().some((thread) => thread.name === "w" && thread.waitingOn?.kind === "lock"),
    );
    const calls = callsOf(py, "w");
    assert.deepEqual(calls.slice(-2), ["work.py:8 work", "work.py:6 Été.wait"]);
    assert.match(calls[0], /threading.py:\d+ Thread._bootstrap$/);
    // With nothing to do it imports, once, what errors will need.
    await until(py, () => callsOf(py, "MainThread").length === 0);
    assert.deepEqual(
      py.stacks().map(({ ident }) => ident),
      py.threads().map(({ ident }) => ident),
    );
  });

  test("answers while the main thread is in a long call of C code that keeps the GIL", async (t) => {
    const py = await testPython(t);
    const run = py
      .run("def deep():\n    return sum(range(10**12))\ndeep()", { filename: "c.py" })
      .catch(() => {});
    await until(py, () => callsOf(py, "MainThread").at(-1) === "c.py:2 deep");
    assert.deepEqual(callsOf(py, "MainThread"), ["c.py:3 <module>", "c.py:2 deep"]);
    await py.close();
    await run;
    assert.throws(() => py.stacks(), ClosedError);
  });

  test("never fails, and shows only what there is, of threads that start, call, generate and end", async (t) => {
    const py = await testPython(t);
    const code = `import threading, time
stop = False
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
def count(n):
    for i in range(n): yield i
def fresh():
    scope = {}
    exec("def f(): return [x for x in (1, 2)]", scope)  # code that is freed at once
    return scope["f"]()
def work():
    while not stop:
        even(30); list(count(10)); fresh()
def starts():
    while not stop:
        t = threading.Thread(target=fresh); t.start(); t.join()
threads = [threading.Thread(target=work, name=f"w{i}") for i in range(3)] + [threading.Thread(target=starts)]
for t in threads: t.start()
time.sleep(2)
stop = True
for t in threads: t.join()`;
    let ended = false;
    await py.run("import threading, time"); // names in those are of all kinds
    const run = py.run(code, { filename: "busy.py" }).finally(() => (ended = true));
    const names = /^(<module>|<listcomp>|\w+(\.(\w+|<locals>|<lambda>|<listcomp>))*)$/;
    let seen = 0;
    while (!ended) {
      for (const { frames } of py.stacks()) {
        assert.ok(frames.length <= 64);
        for (const { filename, line, name } of frames) {
          assert.match(name, names);
          assert.ok(line >= 0 && line < 10_000);
          if (filename === "busy.py" && name === "even") seen += 1;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await within(py, run);
    assert.ok(seen > 0);
  });

  test("shows the innermost 64 calls of a deep recursion", async (t) => {
    const py = await testPython(t);
    const code = "import time\ndef down(n):\n    return time.sleep(60) if n == 0 else down(n - 1)\ndown(300)";
    const run = py.run(code, { filename: "deep.py" }).catch((error) => error.type);
    await until(py, () => callsOf(py, "MainThread").length === 64);
    assert.deepEqual(new Set(callsOf(py, "MainThread")), new Set(["deep.py:3 down"]));
    py.interrupt();
    assert.equal(await within(py, run), "KeyboardInterrupt");
  });
});

// Module code is freed as soon as the module has been imported: that may be while the host thread reads it.
test("stacks() of code that comes and goes are read without a trap", options, async (t) => {
  const py = await testPython(t);
  let over = false;
  const code = `
import marshal, time
data = [marshal.dumps(compile("x = 1\\n" * size, "f" * size, "exec")) for size in (1, 5, 30)]
end = time.monotonic() + 1.5
while time.monotonic() < end:
    for one in data:
        exec(marshal.loads(one))
        junk = [b"\\xff" * size for size in range(90, 480, 16)]`;
  const run = py.run(code, { filename: "churn.py" }).finally(() => (over = true));
  const lines = new Set();
  while (!over) {
    for (let i = 0; i < 100; i++)
      lines.add(py.stacks()[0]?.frames.find(({ filename }) => filename === "churn.py")?.line);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await within(py, run);
  assert.ok(lines.has(7) || lines.has(8), `lines seen: ${[...lines]}`);
});
