// What a program writes where its threads are told of is an error of that call, and of nothing else.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { HeddleError, UnresponsiveError } from "../../../js/src/errors.js";
import { Python } from "../../../js/src/python.js";
import { Snapshots } from "../../../js/src/session/snapshots.js";

/**
 * Snapshots of a module whose exports give this text.
 * @param {string} text
 * @param {number} [size] what they say that they need
 */
function snapshotsOf(text, size) {
  const bytes = new TextEncoder().encode(text);
  const exports = {
    allocate: () => 8,
    free() {},
    call: () => size ?? bytes.length,
    copyOut: (/** @type {number} */ _, /** @type {number} */ count) => bytes.slice(0, count),
  };
  return new Snapshots(/** @type {any} */ ({ exports, alive: exports }));
}

const THREAD = {
  ident: 1,
  nativeId: 2,
  name: "MainThread",
  main: true,
  daemon: false,
  state: "waiting",
  waitingOn: { kind: "lock", address: 64 },
  heldBy: 3,
  sinceMs: 4,
  leftMs: null,
  stackBytes: 5,
};

test("threads have their own fields only", () => {
  const forged = JSON.stringify([THREAD]).replace("{", '{"more":1,"__proto__":{"x":1},');
  const [thread] = snapshotsOf(forged).threads();
  assert.deepEqual(thread, THREAD);
  assert.equal("x" in thread, false);
});

for (const [what, text, size] of /** @type {[string, string, number?][]} */ ([
  ["nothing", ""],
  ["no JSON", "[{"],
  ["no list", '{"length":1e300}'],
  ["a list of nothing", "[null]"],
  ["fields of other types", '[{"ident":"1","frames":{}}]'],
  ["a million lists in each other", "[".repeat(1e6) + "]".repeat(1e6)],
  ["four gigabytes", "[]", 2 ** 32 - 1],
])) {
  test(`${what} is a HeddleError`, () => {
    for (const name of /** @type {const} */ (["threads", "stacks"])) {
      assert.throws(
        () => snapshotsOf(text, size)[name](),
        (error) => error instanceof HeddleError && /cannot be read/.test(error.message),
      );
    }
  });
}

test("a run is given up also where the main thread's place cannot be read", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  /** @type {any} */
  let tellEnd;
  /** @type {any} */
  let reject;
  const session = {
    whenEnded: (/** @type {any} */ tell) => (tellEnd = tell),
    end(/** @type {Error} */ error) {
      tellEnd(error);
      reject(error);
    },
    run: () => new Promise((_, no) => (reject = no)),
    interrupt() {},
    stacks: () => snapshotsOf("").stacks(),
    threads: () => snapshotsOf("").threads(),
  };
  const parts = {
    host: { stayAlive: () => () => {} },
    module: { dispose: async () => {} },
    console: { drain() {} },
    session,
    version: "3.13",
  };
  const py = new Python(/** @type {any} */ (parts));
  const rejected = assert.rejects(py.run("x", { timeout: 10, grace: 20 }), UnresponsiveError);
  t.mock.timers.tick(10);
  t.mock.timers.tick(20);
  await rejected;
});
