// Signals that reach the heddle command, from outside or from its own program.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { heddle, HeddleProcess, noBuild } from "../support.js";

describe("Ctrl-C", { skip: noBuild }, () => {
  /** @type {[where: string, code: string][]} */
  const places = [
    ["a sleep", "import time; print('ready', flush=True); time.sleep(1000)"],
    ["a busy loop", "print('ready', flush=True)\nwhile True: pass"],
    ["input()", "print('ready', flush=True); input()"],
    [
      "lock.acquire()",
      "import _thread; l = _thread.allocate_lock(); l.acquire(); print('ready', flush=True); l.acquire()",
    ],
    [
      "join()",
      `import threading, time
t = threading.Thread(target=time.sleep, args=(1000,), daemon=True)
t.start()
print('ready', flush=True)
t.join()`,
    ],
  ];
  for (const [where, program] of places) {
    test(`ends ${where} with KeyboardInterrupt and 130`, async () => {
      const process = new HeddleProcess(["-c", program]);
      await process.prints("ready\n");
      await sleep(100);
      process.child.kill("SIGINT");
      const { code, stderr } = await process.finish();
      assert.match(stderr, /KeyboardInterrupt/);
      assert.equal(code, 130);
    });
  }
  test("can be caught", async () => {
    const program =
      "import time\ntry:\n print('ready', flush=True)\n time.sleep(1000)\nexcept KeyboardInterrupt: print('caught')";
    const process = new HeddleProcess(["-c", program]);
    await process.prints("ready\n");
    process.child.kill("SIGINT");
    assert.deepEqual(await process.finish(), { code: 0, stdout: "ready\ncaught\n", stderr: "" });
  });
  test("ends a program that swallows it, the third time within two seconds, with 130", async () => {
    const program =
      "while True:\n try:\n  print('ready', flush=True)\n  while True: pass\n except KeyboardInterrupt: pass";
    const process = new HeddleProcess(["-c", program]);
    await process.prints("ready\n");
    const began = performance.now();
    let count = 0;
    do {
      process.child.kill("SIGINT");
      count += 1;
      await Promise.race([process.closed, process.prints("ready\n".repeat(count + 1))]);
    } while (process.child.exitCode === null && count < 20);
    const ms = performance.now() - began;
    const { code, stdout } = await process.finish();
    assert.equal(code, 130);
    assert.equal(stdout, "ready\n".repeat(count));
    // On a busy machine the third may come too late.
    assert.ok(count === 3 || (count > 3 && ms > 2000), `the ${count}th, after ${ms} ms`);
  });
  test("SIGTERM ends a program that does not handle it", async () => {
    const process = new HeddleProcess(["-c", "print('ready', flush=True)\nwhile True: pass"]);
    await process.prints("ready\n");
    process.child.kill("SIGTERM");
    assert.equal((await process.finish()).code, 143);
  });
  test("SIGTERM can be handled", async () => {
    const program = `import signal, sys, time
signal.signal(signal.SIGTERM, lambda *a: sys.exit(5))
print('ready', flush=True)
time.sleep(1000)`;
    const process = new HeddleProcess(["-c", program]);
    await process.prints("ready\n");
    process.child.kill("SIGTERM");
    assert.equal((await process.finish()).code, 5);
  });
});

describe("a signal of the program's own", { skip: noBuild }, () => {
  for (const [what, code, exitCode] of /** @type {const} */ ([
    ["an alarm", "signal.alarm(1)", 142],
    ["SIGTERM", "os.kill(os.getpid(), signal.SIGTERM)", 143],
    ["SIGUSR1", "os.kill(os.getpid(), signal.SIGUSR1)", 138],
  ])) {
    test(`${what} ends it with ${exitCode}`, async () => {
      const program = `import os, signal, time\nprint('before', flush=True)\n${code}\ntime.sleep(60)\nprint('after')`;
      assert.deepEqual(await heddle(["-c", program]), { code: exitCode, stdout: "before\n", stderr: "" });
    });
  }
  test("SIGWINCH is ignored", async () => {
    const program = "import os, signal\nos.kill(os.getpid(), signal.SIGWINCH)\nprint('goes on')";
    assert.deepEqual(await heddle(["-c", program]), { code: 0, stdout: "goes on\n", stderr: "" });
  });
});

/**
 * Runs code until it printed "ready", sends a signal from outside, and gives the outcome.
 * @param {string} code
 * @param {NodeJS.Signals} [signal]
 */
async function signalled(code, signal = "SIGUSR1") {
  const process = new HeddleProcess(["-c", code]);
  await process.prints("ready\n");
  await sleep(100);
  process.child.kill(signal);
  return await process.finish();
}

describe("signals from outside", { skip: noBuild }, () => {
  const register = "import faulthandler, signal\nfaulthandler.register(signal.SIGUSR1)\n";
  /** @type {[where: string, code: string][]} */
  const places = [
    ["sleeps", "import time\ndef here():\n print('ready', flush=True)\n time.sleep(60)"],
    ["loops", "def here():\n print('ready', flush=True)\n while True: pass"],
    [
      "waits for a lock",
      `import _thread
lock = _thread.allocate_lock()
lock.acquire()
def here():
 print('ready', flush=True)
 lock.acquire(timeout=60)`,
    ],
  ];
  for (const [where, code] of places) {
    test(`faulthandler shows where a program ${where}, which goes on`, async () => {
      const program = `${register}${code}\ntry: here()\nexcept KeyboardInterrupt: print('end')`;
      const process = new HeddleProcess(["-c", program]);
      await process.prints("ready\n");
      await sleep(100);
      process.child.kill("SIGUSR1");
      await process.prints("in here\n", "stderr");
      process.child.kill("SIGINT");
      const { code: exitCode, stdout, stderr } = await process.finish();
      assert.deepEqual([exitCode, stdout], [0, "ready\nend\n"]);
      assert.match(
        stderr,
        /^.*Thread 0x[0-9a-f]+ \(most recent call first\):\n {2}File "<string>", line \d+ in here\n/,
      );
    });
  }
  test("a chained handler that leaves it to the default action ends the program", async () => {
    const program = `import faulthandler, signal, time
faulthandler.register(signal.SIGUSR1, chain=True)
print('ready', flush=True); time.sleep(60)`;
    const { code, stderr } = await signalled(program);
    assert.equal(code, 138, stderr);
    assert.match(stderr, /most recent call first.*\n.*line 3 in <module>\n$/);
  });
  test("a blocked signal waits until it is fetched", async () => {
    const program = `import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print('ready', flush=True)
print(signal.sigwait({signal.SIGUSR1}))`;
    assert.deepEqual(await signalled(program), { code: 0, stdout: "ready\n10\n", stderr: "" });
  });
  test("a blocked signal takes its default action when it is unblocked", async () => {
    const program = `import signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
print('ready', flush=True)
while not signal.sigpending(): time.sleep(0.01)
print('pending', flush=True)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
print('not here')`;
    assert.deepEqual(await signalled(program), { code: 138, stdout: "ready\npending\n", stderr: "" });
  });
  test("the wakeup descriptor gets its number, and a full one holds nobody up", async () => {
    const program = `import signal, socket, time
reader, writer = socket.socketpair()
writer.setblocking(False)
signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
handled = []
signal.signal(signal.SIGUSR1, lambda *_: handled.append(1))
print('ready', flush=True)
assert reader.recv(1) == bytes([signal.SIGUSR1])
try:
    while True: writer.send(bytes(65536))
except BlockingIOError: pass
print('full', flush=True)
for n in (2, 3, 4):
    while len(handled) < n: time.sleep(0.01)
    print(n, flush=True)
print('end')`;
    const process = new HeddleProcess(["-c", program]);
    await process.prints("ready\n");
    process.child.kill("SIGUSR1");
    await process.prints("full");
    for (const n of [2, 3, 4]) {
      process.child.kill("SIGUSR1"); // two that come at once would be one
      await process.prints(`${n}\n`);
    }
    assert.deepEqual(await process.finish(), { code: 0, stdout: "ready\nfull\n2\n3\n4\nend\n", stderr: "" });
  });
  test("faulthandler's output does not hold a program up whose stderr nobody reads", async () => {
    const program = `${register}import sys
print('ready', flush=True)
for i in range(20000): print('z' * 200, file=sys.stderr)
print('end')`;
    const process = new HeddleProcess(["-c", program], { input: "" });
    process.child.stderr.pause();
    await process.prints("ready\n");
    await sleep(1500); // everything between the program and us is full now
    for (let i = 0; i < 20; i++) process.child.kill("SIGUSR1");
    await sleep(100);
    process.child.stderr.resume();
    const { code, stdout, stderr } = await process.finish();
    assert.deepEqual([code, stdout], [0, "ready\nend\n"]);
    // What it printed is whole; faulthandler's lines may come in the middle of one.
    assert.equal(stderr.replace(/[^z]/g, "").length, 20000 * 200);
  });
});
