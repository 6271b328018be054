// Python starts under wasmtime, its threads run, and what is missing is said clearly.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { heddle, temporaryFolder } from "../js/support.js";
import { DIST, host, noBuild, wasmtime } from "./support.js";

describe("python", { skip: noBuild }, () => {
  test("prints from a thread", async () => {
    const program = "import threading; t = threading.Thread(target=print, args=('hi',)); t.start(); t.join()";
    assert.deepEqual(await wasmtime(["-c", program]), { code: 0, stdout: "hi\n", stderr: "" });
  });
  test("runs in wasmtime and nowhere else", async () => {
    const { stdout } = await wasmtime(["-c", "import sys; print(sys._emscripten_info.runtime)"]);
    assert.match(stdout, /^wasmtime \d+\.\d+\.\d+\n$/);
  });
  test("releases the memory of threads that have ended", async () => {
    // A thread's stack is 1 MiB or more: without it, 64 of them would not fit 200 times.
    const program = [
      "import threading",
      "for i in range(200):",
      "    threads = [threading.Thread(target=int) for _ in range(8)]",
      "    for t in threads: t.start()",
      "    for t in threads: t.join()",
      "print('done')",
    ].join("\n");
    const { code, stdout, stderr } = await wasmtime(["--max-memory=200M", "-c", program]);
    assert.deepEqual([code, stdout], [0, "done\n"], stderr);
  });
  test("the host alone runs it, with what its own options grant", () => {
    const { code, stdout, stderr } = host([
      `--dist=${DIST}`,
      "--env=A=b",
      "-c",
      "import os; print(os.environ['A'])",
    ]);
    assert.deepEqual([code, stdout], [0, "b\n"], stderr);
  });
  test("an argument that is like an option reaches the program", () => {
    const { stdout } = host([`--dist=${DIST}`, "--", "-c", "import sys; print(sys.argv)", "--timeout=1"]);
    assert.equal(stdout, "['-c', '--timeout=1']\n");
  });
});

describe("what is missing is said", { skip: noBuild }, () => {
  test("a host that was never built", async () => {
    const { code, stderr } = await heddle(["--host=wasmtime", "-c", "1"], {
      env: { HEDDLE_WASMTIME: "/nowhere/heddle-wasmtime" },
    });
    assert.equal(code, 1);
    assert.match(stderr, /no \/nowhere\/heddle-wasmtime.*'node scripts\/build\.js wasmtime' builds it/);
  });
  test("a folder without python.wasm", () => {
    const { code, stderr } = host(["--dist=/nowhere", "-c", "1"]);
    assert.equal(code, 1);
    assert.match(stderr, /^heddle: cannot read \/nowhere\/python\.wasm: No such file/);
  });
  test("a python.wasm that is none", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "python.wasm"), "hello");
    const { code, stderr } = host([`--dist=${folder}`, "--no-cache", "-c", "1"]);
    assert.equal(code, 1);
    assert.match(stderr, /^heddle: wasmtime cannot compile .*python\.wasm/);
  });
  test("a module that wants what this host does not have", () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    // (module (import "env" "new_thing" (func)))
    const module = Buffer.from("0061736d01000000010401600000020c0103656e760474686e670000", "hex");
    writeFileSync(join(folder, "python.wasm"), module);
    const { code, stderr } = host([`--dist=${folder}`, "--no-cache", "-c", "1"]);
    assert.equal(code, 1);
    assert.match(stderr, /cannot link python\.wasm, which may belong to another version.*thng/s);
  });
  test("a standard library that is cut short, or whose rest is not there or another's", () => {
    const folder = temporaryFolder();
    const rest = join(folder, "stdlib-rest.zip");
    const python = (/** @type {string} */ program) => host([`--dist=${folder}`, "-c", program]);
    symlinkSync(join(DIST, "python.wasm"), join(folder, "python.wasm"));
    writeFileSync(join(folder, "stdlib.zip"), "PK");
    assert.match(python("1").stderr, /^heddle: .*stdlib\.zip is no whole archive.* install it again/);

    copyFileSync(join(DIST, "stdlib.zip"), join(folder, "stdlib.zip"));
    const importIt = "import json\nprint(1)\nimport html";
    const missing = python(importIt);
    assert.deepEqual([missing.code, missing.stdout], [1, "1\n"]);
    assert.match(missing.stderr, /heddle: an import needs .*stdlib-rest\.zip: No such file.*OSError/s);
    copyFileSync(join(DIST, "stdlib.zip"), rest);
    assert.match(python(importIt).stderr, /stdlib-rest\.zip: it is damaged or of another build.*OSError/s);
    copyFileSync(join(DIST, "stdlib-rest.zip"), rest);
    const archive = readFileSync(join(DIST, "stdlib.zip"));
    archive.write("0123456789abcdef", archive.indexOf("build.id") + "build.id".length);
    writeFileSync(join(folder, "stdlib.zip"), archive);
    const mixed = python("1").stderr;
    assert.match(
      mixed,
      /are of different builds: python\.wasm of [0-9a-f]{32}, stdlib\.zip of 0123456789abcdef/,
    );
    copyFileSync(join(DIST, "stdlib.zip"), join(folder, "stdlib.zip"));
    const whole = python(importIt);
    assert.deepEqual([whole.code, whole.stdout, whole.stderr], [0, "1\n", ""]);
  });
  for (const [option, message] of [
    ["--max-memory=1M", /expected a size from 32M to 4G/],
    ["--timeout=soon", /expected a number/],
    ["--max-threads=0", /expected a number above 0/],
    ["--mount=/", /expected an absolute path, and not \/ itself/],
    ["--moon", /unknown option --moon/],
  ]) {
    test(`usage: ${option}`, () => {
      const { code, stderr } = host([`--dist=${DIST}`, String(option)]);
      assert.equal(code, 2);
      assert.match(stderr, /** @type {RegExp} */ (message));
    });
  }
});
