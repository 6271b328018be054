// Crashes of a program: their exit codes, and what is said about them.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { heddle, noBuild, temporaryFolder } from "../support.js";

describe("crashes", { skip: noBuild }, () => {
  /** @param {string} action */
  const withFaulthandler = (action) =>
    heddle(["-X", "faulthandler", "-c", `import faulthandler, os\ndef here(): ${action}\nhere()`]);
  const HERE = /\(most recent call first\):\n {2}File "<string>", line 2 in here\n/;

  test("os.abort() ends with 134, and with nothing else to say", async () => {
    assert.deepEqual(await heddle(["-c", "import os; os.abort()"]), { code: 134, stdout: "", stderr: "" });
  });
  test("with faulthandler, os.abort() shows where", async () => {
    const { code, stderr } = await withFaulthandler("os.abort()");
    assert.equal(code, 134, stderr);
    assert.match(stderr, /^Fatal Python error: Aborted\n/);
    assert.match(stderr, HERE);
  });
  test("a signal of a crash ends with 128 + n, and with faulthandler shows where", async () => {
    const { code, stderr } = await withFaulthandler("faulthandler._sigsegv()");
    assert.equal(code, 139, stderr);
    assert.match(stderr, /^Fatal Python error: Segmentation fault\n/);
    assert.match(stderr, HERE);
  });
  test("a trap is told with its cause and, with faulthandler, its place in Python", async () => {
    const { code, stderr } = await withFaulthandler("faulthandler._sigfpe()"); // divides by zero in C
    assert.equal(code, 134, stderr);
    assert.match(stderr, /^Fatal Python error: Floating-point exception\n/);
    assert.match(stderr, HERE);
    assert.match(stderr, /heddle: fatal: a thread crashed: .*divide by zero\n/);
  });
  test("the cause of a trap comes after all that was printed", async () => {
    const program =
      "import sys, faulthandler\nfor i in range(4000): print(i, file=sys.stderr)\nfaulthandler._sigfpe()";
    for (let i = 0; i < 3; i++) {
      const { code, stderr } = await heddle(["-c", program]);
      assert.equal(code, 134, stderr);
      const printed = Array.from({ length: 4000 }, (_, line) => `${line}\n`).join("");
      assert.equal(stderr.slice(0, printed.length), printed);
      assert.match(stderr.slice(printed.length), /^heddle: fatal: a thread crashed: /);
    }
  });
  test("C code that fills the main thread's stack overwrites nothing", async () => {
    const program = `import faulthandler
try: faulthandler._stack_overflow()
except RuntimeError: import json, decimal; print(json.dumps([1]), decimal.Decimal(2))`;
    assert.deepEqual(await heddle(["-c", program]), { code: 0, stdout: "[1] 2\n", stderr: "" });
  });
  test("C code that recurses without end shows where, with faulthandler", async () => {
    const program =
      "import faulthandler\nit = iter([1])\nfor _ in range(10**6): it = map(str, it)\ndef here(): next(it)\nhere()";
    const { code, stderr } = await heddle(["-X", "faulthandler", "-c", program]);
    assert.equal(code, 134, stderr);
    assert.match(stderr, /^Fatal Python error: Segmentation fault\n/);
    assert.match(stderr, /\(most recent call first\):\n {2}File "<string>", line 4 in here\n/);
  });
  test("faulthandler can write to a descriptor of the program's own", async () => {
    const folder = temporaryFolder();
    const program = `import faulthandler
file = open('crash.txt', 'wb')
faulthandler.enable(file.fileno())
faulthandler._sigsegv()`;
    const { code, stderr } = await heddle(["-c", program], { cwd: folder });
    assert.deepEqual([code, stderr], [139, ""]);
    assert.match(
      readFileSync(join(folder, "crash.txt"), "utf8"),
      /^Fatal Python error: Segmentation fault\n[^]*line 4/,
    );
  });
});
