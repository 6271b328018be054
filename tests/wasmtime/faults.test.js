// Each fault ends in a clear message and an exit code, never in a hang.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { HEDDLE, temporaryFolder } from "../js/support.js";
import { cannotMount, DIST, HOST, hostOf, noBuild, wasmtime, WasmtimeProcess } from "./support.js";

// It divides by zero in C, which traps.
const TRAP = "import faulthandler, threading, time\ntrap = faulthandler._sigfpe\nprint('before')\n";
const IN_A_THREAD = `${TRAP}threading.Thread(target=trap).start()\n`;

describe("a trap", { skip: noBuild }, () => {
  for (const [where, program] of [
    ["in the main thread", `${TRAP}trap()`],
    ["in a thread, the main thread asleep", `${IN_A_THREAD}time.sleep(1000)`],
    ["in a thread, the main thread busy", `${IN_A_THREAD}while True: pass`],
    [
      "in a thread, the main thread waiting for it",
      `${TRAP}t = threading.Thread(target=trap); t.start(); t.join()`,
    ],
    ["in a thread, the main thread in input()", `${IN_A_THREAD}input()`],
  ]) {
    test(`${where} ends the program with 134 and says so`, async () => {
      const process = new WasmtimeProcess(["-u", "-c", String(program)]);
      const { code, stdout, stderr } = await process.finish();
      assert.equal(code, 134, stderr);
      assert.equal(stdout, "before\n", "what was printed before is not lost");
      assert.match(stderr, /^heddle: fatal: a thread crashed: integer divide by zero\n {4}at /m);
    });
  }
});

describe("limits", { skip: noBuild }, () => {
  test("memory: MemoryError, and the program goes on", async () => {
    const program =
      "l = []\ntry:\n  while True: l.append(bytearray(1 << 20))\nexcept MemoryError: n = len(l); del l; print(40 < n < 190)";
    const { code, stdout, stderr } = await wasmtime(["--max-memory=200M", "-c", program]);
    assert.deepEqual([code, stdout], [0, "True\n"], stderr);
  });
  test("memory: one allocation beyond the limit", async () => {
    const { code, stderr } = await wasmtime(["--max-memory=100M", "-c", "bytearray(500 << 20)"]);
    assert.equal(code, 1);
    assert.match(stderr, /MemoryError/);
  });
  test("memory: threads whose stacks do not fit", async () => {
    const program = [
      "import threading",
      "threading.stack_size(32 << 20)",
      "stop = threading.Event()",
      "try:",
      "    while True: threading.Thread(target=stop.wait).start()",
      "except RuntimeError as error: print(error)",
      "stop.set()",
    ].join("\n");
    const { code, stdout, stderr } = await wasmtime(["--max-memory=150M", "-c", program]);
    assert.deepEqual([code, stdout], [0, "can't start new thread\n"], stderr);
  });
  test("threads", async () => {
    const program = [
      "import threading",
      "stop = threading.Event(); n = 0",
      "try:",
      "    while True: threading.Thread(target=stop.wait).start(); n += 1",
      "except RuntimeError as error: print(n, error)",
      "stop.set()",
    ].join("\n");
    const { code, stdout, stderr } = await wasmtime(["--max-threads=5", "-c", program]);
    assert.deepEqual([code, stdout], [0, "5 can't start new thread\n"], stderr);
  });
  for (const [what, program] of [
    ["a busy loop", "while True: pass"],
    ["a sleep", "import time; time.sleep(1000)"],
    ["a deadlock", "import _thread; l = _thread.allocate_lock(); l.acquire(); l.acquire()"],
    [
      "a program that ignores every signal",
      "import signal\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass",
    ],
  ]) {
    test(`time: ${what} ends with 124`, async () => {
      const { code, stderr } = await wasmtime(["--timeout=1", "-c", String(program)]);
      assert.deepEqual([code, stderr], [124, "heddle: the time limit of 1 s is over\n"]);
    });
  }
  test("time: output that nobody reads does not hold it up", async () => {
    const process = new WasmtimeProcess(["--timeout=1", "-c", "while True: print('y' * 1000)"]);
    process.child.stdout.pause();
    assert.equal(await process.exitCode(), 124);
  });
  test("recursion without an end is a RecursionError, in C code too", async () => {
    const program =
      "def f(): f()\ntry: f()\nexcept RecursionError: print('python')\nx = []\nfor _ in range(100000): x = [x]\ntry: repr(x)\nexcept RecursionError: print('c')";
    const { code, stdout, stderr } = await wasmtime(["-c", program]);
    assert.deepEqual([code, stdout], [0, "python\nc\n"], stderr);
  });
});

describe("signals", { skip: noBuild }, () => {
  const READY = "print('ready', flush=True)\n";
  /** @param {string} program */
  async function started(program) {
    const process = new WasmtimeProcess(["-c", `import signal, time\n${program}`]);
    await process.prints("ready\n");
    return { process, host: hostOf(process.child.pid) };
  }

  for (const [signal, code] of /** @type {[NodeJS.Signals, number][]} */ ([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ])) {
    test(`${signal} to the host itself ends it with ${code}`, async () => {
      const { process: command, host } = await started(`${READY}time.sleep(1000)`);
      process.kill(host, signal);
      assert.equal((await command.finish()).code, code);
    });
  }
  test("SIGKILL to the host ends the command with 137", async () => {
    const { process: command, host } = await started(`${READY}time.sleep(1000)`);
    process.kill(host, "SIGKILL");
    assert.equal((await command.finish()).code, 137);
  });
  test("SIGKILL to the command ends the host", async () => {
    const { process: command, host } = await started(`${READY}while True: pass`);
    command.child.kill("SIGKILL");
    for (let waited = 0; existsSync(`/proc/${host}`) && waited < 10_000; waited += 20) await sleep(20);
    assert.ok(!existsSync(`/proc/${host}`), "the host is still there after 10 s");
  });
  test("three SIGINTs end a program that ignores them", async () => {
    const { process: command } = await started(`signal.signal(2, signal.SIG_IGN)\n${READY}while True: pass`);
    // Two that come before the command has seen the first are one.
    for (let i = 0; i < 100 && command.child.exitCode === null; i++) {
      command.child.kill("SIGINT");
      await sleep(100);
    }
    assert.equal((await command.finish()).code, 130);
  });
  test("SIGUSR1 and SIGTERM reach handlers, each once", async () => {
    const program = `seen = []\nfor s in (10, 15, 12): signal.signal(s, lambda s, f: seen.append(s))\n${READY}while len(seen) < 2: time.sleep(0.01)\nprint('two', flush=True)\nwhile 12 not in seen: time.sleep(0.01)\nprint(sorted(seen))`;
    const { process: command } = await started(program);
    command.child.kill("SIGUSR1");
    command.child.kill("SIGTERM");
    await command.prints("two");
    await sleep(500); // for a second copy of theirs to come, if there is one
    command.child.kill("SIGUSR2");
    const { code, stdout } = await command.finish();
    assert.deepEqual([code, stdout], [0, "ready\ntwo\n[10, 12, 15]\n"]);
  });
  test("one that the host thread does not take within three seconds ends the host", async () => {
    // An archive of the library that never comes holds the host thread up.
    const dist = temporaryFolder();
    for (const name of readdirSync(DIST)) {
      if (name !== "stdlib-rest.zip") symlinkSync(join(DIST, name), join(dist, name));
    }
    spawnSync("mkfifo", [join(dist, "stdlib-rest.zip")]);
    const program = "print('ready', flush=True)\nimport _aix_support";
    const host = spawn(HOST, [`--dist=${dist}`, "-c", program], { timeout: 60_000, killSignal: "SIGKILL" });
    let stderr = "";
    host.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    await once(host.stdout, "data");
    await sleep(500);
    const began = performance.now();
    host.kill("SIGTERM");
    const [code] = await once(host, "close");
    assert.deepEqual([code, stderr], [143, "heddle: the program takes no signals any more\n"]);
    const ms = performance.now() - began;
    assert.ok(ms > 2500 && ms < 20_000, `${ms} ms`);
  });
  test("SIGTERM ends it although nobody reads its output", async () => {
    const { process: command } = await started(`${READY}while True: print('y' * 1000)`);
    command.child.stdout.pause();
    await sleep(500);
    command.child.kill("SIGTERM");
    assert.equal(await command.exitCode(), 143);
  });
});

describe("streams", { skip: noBuild }, () => {
  /** @param {string} redirection @param {string} program */
  const redirected = (redirection, program) =>
    spawnSync("sh", ["-c", `"$0" --dist="$1" -c "$2" ${redirection}`, HOST, DIST, program], {
      encoding: "utf8",
      timeout: 60_000,
    });

  test("a closed stdin is an empty one", () => {
    const { status, stdout, stderr } = redirected("<&-", "import sys; print(repr(sys.stdin.read()))");
    assert.deepEqual([status, stdout], [0, "''\n"], stderr);
  });
  test("a closed stdout ends like one that takes everything", () => {
    const { status, stderr } = redirected(">&-", "print(1)");
    assert.deepEqual([status, stderr], [0, ""]);
  });
  for (const [stream, redirection, program, expected] of [
    ["stdin", "<&-", "import sys; print(repr(sys.stdin.read()))", "''\n"],
    ["stdout", ">&-", "print(1)", ""],
  ]) {
    test(`a closed ${stream} is so through the command too`, () => {
      const command = `"$0" "$1" --host=wasmtime -c "$2" ${redirection}`;
      const { status, stdout, stderr } = spawnSync("sh", ["-c", command, process.execPath, HEDDLE, program], {
        encoding: "utf8",
        timeout: 60_000,
        env: { ...process.env, HEDDLE_DIST: DIST },
      });
      assert.deepEqual([status, stdout, stderr], [0, expected, ""]);
    });
  }
  test("a full stdout is told, with 120", () => {
    const { status, stderr } = redirected(">/dev/full", "print(1)");
    assert.equal(status, 120);
    assert.equal(stderr, "heddle: cannot write to standard output: No space left on device\n");
  });
  test("stdin that is a folder is at its end", () => {
    const { status, stdout, stderr } = redirected("</tmp", "import sys; print(repr(sys.stdin.read()))");
    assert.deepEqual([status, stdout], [0, "''\n"], stderr);
  });
  test("a disk that is full is an OSError", { skip: cannotMount }, () => {
    const program = `
try:
    with open("/mnt/file", "wb") as file:
        for _ in range(100): file.write(bytes(65536))
except OSError as error: print(error)
import os; print(os.path.getsize("/mnt/file") <= 1 << 20)
`;
    const script = 'mount -t tmpfs -o size=1m tmpfs /mnt && exec "$0" --dist="$1" --mount=/mnt -c "$2"';
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      ["--map-root-user", "--mount", "sh", "-c", script, HOST, DIST, program],
      { encoding: "utf8", timeout: 60_000 },
    );
    assert.deepEqual([status, stdout], [0, "[Errno 51] No space left on device\nTrue\n"], stderr);
  });
});
