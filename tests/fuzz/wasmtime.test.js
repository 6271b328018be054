// What a program that owns its memory asks of the wasmtime host without end costs the program, not the machine.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Needs the build for tests (python_for_tests) and wasmtime's host: `npm run fuzz` makes them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../js/support.js";
import { HOST } from "../wasmtime/support.js";

const PYTHON = fileURLToPath(new URL("../../build/wasm-release/dist-for-tests", import.meta.url));
const MIB = 2 ** 20;

/** The most memory that a process has had. @param {number | undefined} pid */
function peakBytes(pid) {
  const [, kib] = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmHWM:\s+(\d+) kB$/m) ?? [];
  return Number(kib ?? 0) * 1024; // one that is just ending has none
}

/**
 * Runs a program to its end.
 * @param {string} program that has the door
 * @param {{options?: string[], read?: boolean, forMs?: number}} [how] read: false leaves its output unread;
 *   forMs: it is killed then
 * @returns {Promise<{code: number | null, signal: string | null, stdout: string, stderr: string, peak: number}>}
 */
function run(program, { options = [], read = true, forMs = 60_000 } = {}) {
  const child = spawn(HOST, [
    `--dist=${PYTHON}`,
    ...options,
    "-c",
    `import _heddle_door as door\n${program}`,
  ]);
  let stdout = "";
  let stderr = "";
  let peak = 0;
  if (read) child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  if (read) child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const look = setInterval(() => {
    try {
      peak = Math.max(peak, peakBytes(child.pid));
    } catch {
      // It has ended.
    }
  }, 50);
  const deadline = setTimeout(() => child.kill("SIGKILL"), forMs);
  return new Promise((resolve) => {
    child.on(read ? "close" : "exit", (code, signal) => {
      clearInterval(look);
      clearTimeout(deadline);
      resolve({ code, signal, stdout, stderr, peak });
    });
  });
}

const IDLE_MIB = (await run("import time; time.sleep(0.5)")).peak / MIB;

test("a flood of events from eight threads is no flood of the host's memory", async () => {
  const { code, stdout, peak } = await run(`
import threading
def flood():
    for _ in range(200_000):
        door.call("heddle_host_notify", 99)
threads = [threading.Thread(target=flood) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("ended")`);
  assert.equal(stdout, "ended\n");
  assert.equal(code, 0);
  assert.ok(peak / MIB < IDLE_MIB + 60, `${peak / MIB} MiB, idle ${IDLE_MIB}`);
});

test("messages that nobody reads wait in the program", async () => {
  const { signal, peak } = await run(
    `
import ctypes
text = ctypes.create_string_buffer(b"x" * 60_000)
while True:
    door.call("emscripten_err", ctypes.addressof(text))`,
    { read: false, forMs: 5_000 },
  );
  assert.equal(signal, "SIGKILL");
  assert.ok(peak / MIB < IDLE_MIB + 60, `${peak / MIB} MiB, idle ${IDLE_MIB}`);
});

test("output that nobody reads waits in the program, also before forged prompts", async () => {
  const { signal, peak } = await run(
    `
import os, threading
def flood():
    while True: os.write(1, bytes(60_000))
for target in (input, flood): threading.Thread(target=target).start()
INPUT = 2
while True: door.call("heddle_host_notify", INPUT)`,
    { read: false, forMs: 8_000 },
  );
  assert.equal(signal, "SIGKILL");
  assert.ok(peak / MIB < IDLE_MIB + 60, `${peak / MIB} MiB, idle ${IDLE_MIB}`);
});

test("complaints about an archive that is not there are no more than their reader takes", async () => {
  const dist = temporaryFolder();
  for (const name of readdirSync(PYTHON))
    if (name !== "stdlib-rest.zip") symlinkSync(join(PYTHON, name), join(dist, name));
  const { signal, peak } = await run(
    `
ARCHIVE = 5
while True: door.call("heddle_host_notify", ARCHIVE)`,
    { options: [`--dist=${dist}`], read: false, forMs: 10_000 },
  );
  assert.equal(signal, "SIGKILL");
  assert.ok(peak / MIB < IDLE_MIB + 60, `${peak / MIB} MiB, idle ${IDLE_MIB}`);
});

test("a folder of many names is listed in the program's memory", async () => {
  const folder = temporaryFolder();
  for (let i = 0; i < 60_000; i++) writeFileSync(join(folder, `${i}`.padEnd(250, "x")), "");
  const { stdout, stderr, peak } = await run(
    `
import ctypes, threading
buffer = ctypes.create_string_buffer(64)
def list():
    for _ in range(4): print(door.call("heddle_host_readdir", 0, ctypes.addressof(buffer), 64), end=" ")
threads = [threading.Thread(target=list) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()`,
    { options: [`--mount=${folder}`] },
  );
  assert.equal(stdout, `${60_000 * 252} `.repeat(32), stderr);
  assert.ok(peak / MIB < IDLE_MIB + 60, `${peak / MIB} MiB, idle ${IDLE_MIB}`);
});

test("a message without an end is cut", async () => {
  const { code, stderr } = await run(`
import ctypes
text = ctypes.create_string_buffer(b"x" * 50_000_000)
door.call("emscripten_err", ctypes.addressof(text))`);
  assert.equal(code, 0);
  assert.equal(stderr, `${"x".repeat(64 * 1024)}\n`);
});

test("places and sizes that no file has are refused", async () => {
  const folder = temporaryFolder();
  const { stdout, stderr } = await run(
    `
import ctypes, math, os
name, data = ctypes.create_string_buffer(b"file"), ctypes.create_string_buffer(16)
fd = door.call("heddle_host_open", 0, ctypes.addressof(name), 2 | 1 | 4, 0o644)
EINVAL = 28
for number in (math.nan, math.inf, 1e300, 2.0**64):
    for call in ("pread", "pwrite"):
        print(door.call("heddle_host_" + call, fd, ctypes.addressof(data), 16, number) == -EINVAL, end=" ")
for number in (math.nan, -math.inf, math.inf, -1.0, 1e300):
    print(door.call("heddle_host_ftruncate", fd, number) == -EINVAL, end=" ")
print(os.path.getsize(${JSON.stringify(join(folder, "file"))}))`,
    { options: [`--mount=${folder}`] },
  );
  assert.equal(stdout, `${"True ".repeat(13)}0\n`, stderr);
});

test("a thread's entry that is no function, or one of another type, ends the program in good order", async () => {
  // len() takes two arguments, and an entry one.
  const len = "ctypes.c_uint32.from_address(ctypes.c_uint32.from_address(id(len) + 8).value + 4).value";
  for (const [entry, why] of [
    ["0", "a thread's entry is no function"],
    [String(2 ** 31), "a thread's entry is not in the table of functions"],
    [String(2 ** 32 - 1), "a thread's entry is not in the table of functions"],
    [len, "expected 2 arguments, got 1"],
  ]) {
    const { code, signal, stderr } = await run(`
import ctypes, time
record = ctypes.create_string_buffer(1 << 16)
ctypes.c_uint32.from_buffer(record, 52).value = ctypes.addressof(record) + len(record)
ctypes.c_uint32.from_buffer(record, 56).value = len(record) // 2
door.call("__pthread_create_js", ctypes.addressof(record), 0, ${entry}, 0)
time.sleep(30)`);
    assert.deepEqual([code, signal], [134, null], stderr);
    assert.match(stderr, new RegExp(`^heddle: fatal: a thread crashed: .*${why}`, "m"));
  }
});

test("no more native threads than the limit, whatever the program writes over its own", async () => {
  // An entry that never returns and asks for nothing: the next item of a filter that lets none through.
  const { code, stdout, stderr } = await run(
    `
import ctypes, itertools, os
TP_ITERNEXT = 112  # in PyTypeObject
entry = ctypes.c_uint32.from_address(id(itertools.filterfalse) + TP_ITERNEXT).value
spin = itertools.filterfalse(None, itertools.repeat(True))
records, started = [], 0
for _ in range(40):
    record = ctypes.create_string_buffer(1 << 16)
    records.append(record)
    ctypes.c_uint32.from_buffer(record, 52).value = ctypes.addressof(record) + len(record)  # the stack's top
    ctypes.c_uint32.from_buffer(record, 56).value = len(record) // 2
    started += door.call("__pthread_create_js", ctypes.addressof(record), 0, entry, id(spin)) == 0
print(started, flush=True)
os._exit(0)`,
    { options: ["--max-threads=3"] },
  );
  assert.equal(code, 0, stderr);
  assert.ok(Number(stdout) > 0 && Number(stdout) <= 13, stdout);
});
