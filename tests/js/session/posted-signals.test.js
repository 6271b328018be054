// Signals that the host thread posts: C handlers run on it, and it never waits or fails for that.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { noBuild, testPython, until, within } from "../support.js";

const SIGUSR1 = 10;
const SIGSEGV = 11;

// For a call of the host thread. Generous, for busy machines: a call that waits for Python takes for ever.
const AT_ONCE_MS = 2000;

/**
 * Runs code until it prints "ready", then posts signals from here.
 * @param {import("node:test").TestContext} t
 * @param {string} code
 * @param {(py: import("../../../js/src/index.js").Python) => void} post
 * @param {string} [where] a function that must have been entered by then
 */
async function posted(t, code, post, where) {
  let stdout = "";
  let stderr = "";
  /** @type {(value?: unknown) => void} */
  let isReady = () => {};
  const ready = new Promise((resolve) => (isReady = resolve));
  const py = await testPython(t, {
    stdout(text) {
      stdout += text;
      if (stdout.includes("ready\n")) isReady();
    },
    stderr: (text) => (stderr += text),
  });
  const outcome = py.run(code).then(
    (value) => ({ value, error: undefined }),
    (error) => ({ value: undefined, error }),
  );
  await within(py, ready);
  await until(py, () => where === undefined || py.stacks()[0].frames.at(-1)?.name === where);
  const began = performance.now();
  post(py);
  const ms = performance.now() - began;
  assert.ok(ms < AT_ONCE_MS, `the host thread was held up for ${ms} ms`);
  const { value, error } = await within(py, outcome);
  return { value, error, stderr };
}

describe("signals from the host thread", { skip: noBuild }, () => {
  test("a full wakeup descriptor holds nobody up, and the handler runs", async (t) => {
    const code = `
import signal, socket, time
reader, writer = socket.socketpair()
writer.setblocking(False)
try:
    while True: writer.send(bytes(65536))
except BlockingIOError: pass
signal.set_wakeup_fd(writer.fileno())
handled = [] # not an Event: a handler that interrupts itself in set() waits for itself
signal.signal(signal.SIGUSR1, lambda *_: handled.append(1))
print("ready", flush=True)
deadline = time.monotonic() + 30
while not handled and time.monotonic() < deadline: time.sleep(0.01)
bool(handled)`;
    const { value, error, stderr } = await posted(t, code, (py) => {
      for (let i = 0; i < 1000; i++) py.interrupt(SIGUSR1);
    });
    assert.deepEqual([value, error], [true, undefined]);
    assert.match(stderr, /Exception ignored when trying to write to the signal wakeup fd/);
  });

  test("a wakeup descriptor wakes select() with the number", async (t) => {
    const code = `
import select, signal, socket
reader, writer = socket.socketpair()
writer.setblocking(False)
signal.set_wakeup_fd(writer.fileno())
signal.signal(signal.SIGUSR1, lambda *_: None)
print("ready", flush=True)
[list(reader.recv(1)) for _ in select.select([reader], [], [], 30)[0]]`;
    const { value, error } = await posted(t, code, (py) => py.interrupt(SIGUSR1));
    assert.deepEqual([value, error], [[[SIGUSR1]], undefined]);
  });

  for (const [what, prepare, signum, code] of /** @type {const} */ ([
    ["faulthandler's chained signal", "faulthandler.register(signal.SIGUSR1, 2, chain=True)", SIGUSR1, 138],
    ["faulthandler's fatal signal", "faulthandler.enable(2)", SIGSEGV, 139],
  ])) {
    test(`${what} shows where Python is and ends it with 128 + n`, async (t) => {
      const program = `
import faulthandler, signal, time
${prepare}
def here(): time.sleep(30)
print("ready", flush=True)
here()`;
      const { error, stderr } = await posted(t, program, (py) => py.interrupt(signum), "here");
      assert.equal(error?.name, "PythonExitError", String(error));
      assert.match(error.message, new RegExp(`it exited with code ${code}`));
      assert.match(stderr, /in here\n/);
    });
  }
});
