// The heddle command's output and input: whole, in order, as they come.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { heddle, HeddleProcess, noBuild } from "../support.js";

describe("output", { skip: noBuild }, () => {
  test("stdout and stderr are separate and complete", async () => {
    const { stdout, stderr } = await heddle([
      "-c",
      "import sys\nfor i in range(1000): print(i); print(-i, file=sys.stderr)",
    ]);
    assert.deepEqual(
      stdout.split("\n").slice(0, -1),
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
    assert.equal(stderr.split("\n").length, 1001);
  });
  test("a last line without a line end is there", async () => {
    const { stdout } = await heddle(["-c", "print('one', end='')"]);
    assert.equal(stdout, "one");
  });
  test("with -u, a print without a line end shows at once", async () => {
    const process = new HeddleProcess(["-u", "-c", "print('now', end=''); input()"]);
    await process.prints("now");
    process.child.stdin.end("\n");
    assert.equal((await process.finish()).code, 0);
  });
  test("ten megabytes reach a slow reader", async () => {
    const program = "import sys\nfor i in range(160): sys.stdout.buffer.write(bytes([i]) * 65536)";
    const process = new HeddleProcess(["-c", program], { input: "" });
    process.child.stdout.removeAllListeners("data");
    process.child.stdout.setEncoding("latin1").pause();
    await sleep(1500); // the pipe is full now
    const seen = createHash("sha256");
    process.child.stdout.on("data", (text) => seen.update(text, "latin1")).resume();
    assert.equal((await process.finish()).code, 0);
    const expected = createHash("sha256");
    for (let i = 0; i < 160; i++) expected.update(Buffer.alloc(65536, i));
    assert.equal(seen.digest("hex"), expected.digest("hex"));
  });
  test("a question takes the output of a thread that waits for a slow reader, and the thread goes on", async () => {
    const program = [
      "import os, threading, time",
      "def fill():",
      "    for _ in range(2000): os.write(1, b'x' * 999 + b'\\n')",
      "thread = threading.Thread(target=fill); thread.start()",
      "time.sleep(1); input(); thread.join(); print('done')",
    ].join("\n");
    const process = new HeddleProcess(["-c", program], { input: "\n" });
    process.child.stdout.removeAllListeners("data");
    process.child.stdout.pause();
    await sleep(2500); // the pipe and the console are full, and input() has asked
    let bytes = 0;
    process.child.stdout.on("data", (text) => (bytes += text.length)).resume();
    assert.equal((await process.finish()).code, 0);
    assert.equal(bytes, 2_000_005);
  });
  test("a reader that goes away ends the program quietly", async () => {
    const process = new HeddleProcess(["-c", "while True: print('y' * 1000)"], { input: "" });
    await process.prints("y");
    process.child.stdout.destroy();
    const { code, stderr } = await process.finish();
    assert.deepEqual([code, stderr], [141, ""]);
  });
});

describe("input", { skip: noBuild }, () => {
  test("input() reads lines, then raises EOFError", async () => {
    const { code, stdout, stderr } = await heddle(["-c", "print(input('> ')); print(input()); input()"], {
      input: "a\né",
    });
    assert.deepEqual([code, stdout], [1, "> a\né\n"]);
    assert.match(stderr, /EOFError/);
  });
  test("large input arrives whole", async () => {
    const { stdout } = await heddle(
      ["-c", "import sys, hashlib; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"],
      {
        input: Buffer.alloc(3_000_000, "abc\n"),
      },
    );
    assert.equal(stdout.trim(), createHash("sha256").update(Buffer.alloc(3_000_000, "abc\n")).digest("hex"));
  });
  test("a program that never reads does not wait for the input's end", async () => {
    const process = new HeddleProcess(["-c", "print(1)"]);
    assert.equal((await process.finish()).code, 0);
  });
});
