// run(): values, errors, output and input, arguments, one run after another.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PyRepr, PythonError } from "../../../js/src/index.js";
import { noBuild, testPython, within } from "../support.js";

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
    assert.match(error.stack ?? "", /run\.test\.js/);
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
    const code = `import threading
r = []
ts = [threading.Thread(target=r.append, args=(i,)) for i in range(16)]
[t.start() for t in ts]
[t.join() for t in ts]
sorted(r)`;
    assert.deepEqual(
      await within(py, py.run(code)),
      Array.from({ length: 16 }, (_, i) => i),
    );
  });

  const BROKEN = [
    "import sys; sys.modules.clear()",
    "import sys; sys.modules.clear(); import json, threading",
    "import sys; del sys.modules['__main__']",
    "import sys; sys.modules['__main__'] = None",
    "import sys; del sys.modules['builtins']",
    "import sys; del sys.modules['sys']",
    "import sys; del sys.modules['encodings']",
    "import sys; del sys.modules",
    "import sys; sys.meta_path.clear(); sys.modules.clear()",
    "import sys; del sys.stdout",
    "import sys; sys.modules.clear(); 1/0",
    "import builtins; vars(builtins).clear()",
  ];
  for (const code of BROKEN) {
    test(`${code} does not end the session`, async (t) => {
      const py = await testPython(t, { stderr() {} });
      await py.run("kept = 3");
      const { name } = (await within(
        py,
        py.run(code).catch((it) => it),
      )) ?? { name: "" };
      assert.ok(["", "PythonError"].includes(name), name);
      assert.equal(await within(py, py.run("1 + 1")), 2);
      assert.equal(await within(py, py.run("kept")), 3);
      const error = await within(
        py,
        py.run("1 / 0").catch((it) => it),
      );
      assert.equal(error.type, "ZeroDivisionError");
    });
  }

  test("after sys.modules.clear() the next run imports, prints and starts threads", async (t) => {
    let printed = "";
    const py = await testPython(t, { stdout: (text) => (printed += text) });
    await py.run("import sys; sys.modules.clear()");
    const code = `import builtins, json, os, sys, threading
thread = threading.Thread(target=print, args=(json.dumps([1]),))
thread.start()
thread.join()
[builtins.len is len, sys.modules["__main__"].__dict__ is globals(), "é".encode("cp037")]`;
    assert.deepEqual(await within(py, py.run(code)), [true, true, new Uint8Array([0x51])]);
    assert.equal(printed, "[1]\n");
  });
});

test("a run that takes its Python apart leaves the next one working", options, async (t) => {
  const py = await testPython(t, { stdout() {}, stderr() {}, threads: { warm: 0 } });
  for (const code of [
    "import sys; sys.modules.clear()",
    "import sys; del sys.modules['__main__']",
    "import sys; sys.modules['threading'] = None",
    "import sys; sys.meta_path.clear(); sys.path_hooks.clear()",
    "import sys; sys.excepthook = 5",
    "import sys; sys.stdout = None",
    "import sys; sys.stdout = sys.stderr = object()",
    "import sys; del sys.stdout",
    "import gc; gc.disable()",
    "import os\nfor fd in range(3): os.close(fd)",
    "globals().clear()",
    "import builtins; del builtins.print",
    "import sys; vars(sys).clear()",
    "import builtins; vars(builtins).clear()",
  ]) {
    await within(
      py,
      py.run(code).catch(() => {}),
    ); // after the ones before, it may fail itself
    await assert.rejects(within(py, py.run("1 / 0")), { type: "ZeroDivisionError" }, code);
    assert.equal(await within(py, py.run("1 + 1")), 2, code);
  }
});
