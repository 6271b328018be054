// The heddle command behaves as python3.13 does.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { heddle, HeddleProcess, noBuild, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
/** @param {string} name @param {string} text */
function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("where the program comes from", { skip: noBuild }, () => {
  test("-c", async () => {
    const { code, stdout } = await heddle(["-c", "import sys; print(sys.argv)", "-a", "b c"]);
    assert.deepEqual([code, stdout], [0, "['-c', '-a', 'b c']\n"]);
  });
  test("a file, with its folder on sys.path", async () => {
    file("helper.py", "VALUE = 42\n");
    const script = file("main.py", "import helper, sys; print(helper.VALUE, sys.argv[1:])\n");
    const { code, stdout } = await heddle([script, "--x", "é"], { cwd: "/tmp" });
    assert.deepEqual([code, stdout], [0, "42 ['--x', 'é']\n"]);
  });
  test("-m", async () => {
    file("tool.py", "if __name__ == '__main__': print('a module')\n");
    const { code, stdout } = await heddle(["-m", "tool"], { cwd: folder });
    assert.deepEqual([code, stdout], [0, "a module\n"]);
  });
  test("-", async () => {
    const { code, stdout } = await heddle(["-", "x"], { input: "import sys\nprint(sys.argv)\n" });
    assert.deepEqual([code, stdout], [0, "['-', 'x']\n"]);
  });
  test("piped standard input", async () => {
    const { code, stdout } = await heddle([], { input: "print('piped')\n" });
    assert.deepEqual([code, stdout], [0, "piped\n"]);
  });
  test("-i goes on with the prompt", async () => {
    const { code, stdout } = await heddle(["-q", "-i", "-c", "x = 6"], { input: "x * 7\n" });
    assert.deepEqual([code, stdout], [0, "42\n"]);
  });
});

describe("options", { skip: noBuild }, () => {
  test("-V", async () => {
    const { code, stdout } = await heddle(["-V"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Python 3\.13\.\d+\n$/);
  });
  test("-h explains files", async () => {
    const { code, stdout } = await heddle(["-h"]);
    assert.equal(code, 0);
    assert.match(stdout, /--no-host-files/);
  });
  test("-W, -X and -O reach Python", async () => {
    const { stdout } = await heddle([
      "-W",
      "error",
      "-Xdev",
      "-O",
      "-c",
      "import sys; print(sys.warnoptions, sys.flags.dev_mode, __debug__)",
    ]);
    assert.equal(stdout, "['default', 'error'] True False\n");
  });
  test("an unknown option is a usage error", async () => {
    const { code, stderr } = await heddle(["-Z"]);
    assert.equal(code, 2);
    assert.match(stderr, /unknown option -Z/);
  });
  test("the environment reaches the program", async () => {
    const { stdout } = await heddle(
      ["-c", "import os; print(os.environ['HEDDLE_X'], 'HEDDLE_CWD' in os.environ)"],
      { env: { HEDDLE_X: "y" } },
    );
    assert.equal(stdout, "y False\n");
  });
});

describe("exit codes", { skip: noBuild }, () => {
  /** @type {[name: string, args: string[], code: number][]} */
  const cases = [
    ["the end of the program", ["-c", "pass"], 0],
    ["sys.exit()", ["-c", "import sys; sys.exit(7)"], 7],
    [
      "sys.exit() in an except clause",
      ["-c", "import sys\ntry: 1/0\nexcept ZeroDivisionError: sys.exit(3)"],
      3,
    ],
    ["a message in SystemExit", ["-c", "raise SystemExit('no')"], 1],
    ["an exception", ["-c", "1/0"], 1],
    ["a file that is not there", ["/nothing.py"], 2],
    ["os._exit()", ["-c", "import os; os._exit(9)"], 9],
    ["-c without a program", ["-c"], 2],
  ];
  for (const [name, args, expected] of cases) {
    test(name, async () => {
      const { code, stderr } = await heddle(args);
      assert.equal(code, expected, stderr);
    });
  }
});

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
      "import threading, time; t = threading.Thread(target=time.sleep, args=(1000,), daemon=True); t.start(); print('ready', flush=True); t.join()",
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
    const program =
      "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *a: sys.exit(5))\nprint('ready', flush=True)\ntime.sleep(1000)";
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

/** Runs `code` until it printed "ready", sends a signal from outside, and gives the outcome. @param {string} code @param {NodeJS.Signals} [signal] */
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
      "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\ndef here():\n print('ready', flush=True)\n lock.acquire(timeout=60)",
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
    const program =
      "import faulthandler, signal, time\nfaulthandler.register(signal.SIGUSR1, chain=True)\nprint('ready', flush=True); time.sleep(60)";
    const { code, stderr } = await signalled(program);
    assert.equal(code, 138, stderr);
    assert.match(stderr, /most recent call first.*\n.*line 3 in <module>\n$/);
  });
  test("a blocked signal waits until it is fetched", async () => {
    const program =
      "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})\nprint('ready', flush=True)\nprint(signal.sigwait({signal.SIGUSR1}))";
    assert.deepEqual(await signalled(program), { code: 0, stdout: "ready\n10\n", stderr: "" });
  });
  test("a blocked signal takes its default action when it is unblocked", async () => {
    const program =
      "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})\nprint('ready', flush=True)\nwhile not signal.sigpending(): time.sleep(0.01)\nprint('pending', flush=True)\nsignal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})\nprint('not here')";
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
    const program =
      "import faulthandler\ntry: faulthandler._stack_overflow()\nexcept RuntimeError: import json, decimal; print(json.dumps([1]), decimal.Decimal(2))";
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
    const program =
      "import faulthandler\nfile = open('crash.txt', 'wb')\nfaulthandler.enable(file.fileno())\nfaulthandler._sigsegv()";
    const { code, stderr } = await heddle(["-c", program], { cwd: folder });
    assert.deepEqual([code, stderr], [139, ""]);
    assert.match(
      readFileSync(join(folder, "crash.txt"), "utf8"),
      /^Fatal Python error: Segmentation fault\n[^]*line 4/,
    );
  });
});

describe("files", { skip: noBuild }, () => {
  test("the current folder can be read and written", async () => {
    file("in.txt", "text");
    const { code, stdout, stderr } = await heddle(
      ["-c", "import os; open('out.txt', 'w').write(open('in.txt').read() * 2); print(os.getcwd())"],
      { cwd: folder },
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), folder);
    assert.equal(readFileSync(join(folder, "out.txt"), "utf8"), "texttext");
  });
  test("a path among the arguments can be read", async () => {
    mkdirSync(join(folder, "elsewhere"), { recursive: true });
    const path = file("elsewhere/data.txt", "data");
    const { stdout, stderr } = await heddle(["-c", "import sys; print(open(sys.argv[1]).read())", path], {
      cwd: temporaryFolder(),
    });
    assert.equal(stdout, "data\n", stderr);
  });
  test("nothing else of the machine is there", async () => {
    const { stdout } = await heddle(
      ["-c", "import os; print(os.path.exists('/etc/passwd'), os.path.exists('/usr/bin'))"],
      { cwd: folder },
    );
    assert.equal(stdout, "False False\n");
  });
  test("--no-host-files leaves the disk alone", async () => {
    const { code, stdout } = await heddle(
      ["--no-host-files", "-c", "import os; print(os.path.exists('in.txt'))"],
      { cwd: folder },
    );
    assert.deepEqual([code, stdout], [0, "False\n"]);
  });
});
