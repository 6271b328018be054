// A reply that cannot be made or cannot be read rejects its own run, and the next run has its reply.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { PythonError, ValueCopyError } from "../../../js/src/errors.js";
import { noBuild, testPython, within } from "../support.js";

const options = { skip: noBuild };

/**
 * A Python whose session has another function in the place of one of its own, for one run.
 * @param {import("node:test").TestContext} t
 * @param {string} name
 * @param {string} lambda Python's; `real` is the session's own
 */
async function brokenSession(t, name, lambda) {
  const py = await testPython(t, { stderr() {} });
  await py.run(`
import sys
session = sys._getframe(1).f_globals
def break_once():
    real = session["${name}"]
    broken = ${lambda}
    def once(*args):
        session["${name}"] = real
        return broken(*args)
    session["${name}"] = once
def no_memory(*_):
    raise MemoryError
`);
  return py;
}

/** @param {Promise<any>} run @returns {Promise<any>} what it rejects with */
const rejection = (run) =>
  run.then(
    (value) => assert.fail(`resolved with ${value}`),
    (error) => error,
  );

for (const [what, lambda] of [
  ["no JSON", "lambda *_: (9).to_bytes(4, 'little') + b'{\"type\": 1'"],
  ["cut short", "lambda *_: b'1'"],
  ["a value of no kind", `lambda reply, blobs: real({**reply, "value": {"?": 0}}, blobs)`],
  [
    "a dict of endless length",
    `lambda reply, blobs: real({**reply, "value": {"d": {"length": 1e300}}}, blobs)`,
  ],
  [
    "a million lists in each other",
    "lambda reply, blobs: (lambda text: len(text).to_bytes(4, 'little') + text)" +
      `(b'{"type": "heddle:result", "id": %d, "value": %s}' % (reply["id"], b"[" * 10**6 + b"]" * 10**6))`,
  ],
  ["an error that is none", `lambda reply, blobs: real({**reply, "type": "heddle:error", "error": None})`],
  [
    "an error of numbers",
    `lambda reply, blobs: real({**reply, "type": "heddle:error", "error": ` +
      `{"type": 1, "message": 2, "traceback": 3, "frames": []}})`,
  ],
  [
    "an error with frames of no kind",
    `lambda reply, blobs: real({**reply, "type": "heddle:error", "error": ` +
      `{"type": "E", "message": "", "traceback": "", "frames": [None]}})`,
  ],
]) {
  test(`a reply that is ${what} rejects its run with a ValueCopyError`, options, async (t) => {
    const py = await brokenSession(t, "pack", lambda);
    const error = await within(py, rejection(py.run("break_once(); 1")));
    assert.ok(error instanceof ValueCopyError, error);
    assert.match(
      error.message,
      /^heddle: run\(\): the result cannot be copied to JavaScript \(\d+ bytes\): /,
    );
    assert.ok(error.cause instanceof Error);
    assert.equal(await within(py, py.run("1 + 1")), 2);
  });
}

test("a reply that memory has no room for is a MemoryError with its traceback", options, async (t) => {
  const py = await brokenSession(t, "pack", "no_memory");
  const error = await within(py, rejection(py.run("break_once(); 1")));
  assert.ok(error instanceof PythonError, error);
  assert.equal(error.type, "MemoryError");
  assert.match(error.traceback, /MemoryError/);
  assert.equal(await within(py, py.run("1 + 1")), 2);
});

test("so is an error that memory has no room to describe, again and again", options, async (t) => {
  const py = await brokenSession(t, "pack", "real");
  await py.run("describe, session['describe_error'] = session['describe_error'], no_memory");
  for (let i = 0; i < 3; i++) {
    const runs = [py.run("1 / 0"), py.run("2")];
    const error = await within(py, rejection(runs[0]));
    assert.ok(error instanceof PythonError, error);
    assert.deepEqual([error.type, error.message], ["MemoryError", "no memory for the reply"]);
    assert.equal(await within(py, runs[1]), 2);
  }
  await py.run("session['describe_error'] = describe");
  assert.equal((await within(py, rejection(py.run("1 / 0")))).type, "ZeroDivisionError");
});

test("an error has the fields that it must have, whatever else a reply says", options, async (t) => {
  const frame = `{"filename": "a", "line": 1, "name": "f", "__proto__": {"x": 1}}`;
  const described = `{"type": "E", "message": "", "traceback": "", "frames": [${frame}], "stack": 1, "__proto__": {"x": 1}}`;
  const lambda = `lambda reply, blobs: real({**reply, "type": "heddle:error", "error": ${described}})`;
  const py = await brokenSession(t, "pack", lambda);
  const error = await within(py, rejection(py.run("break_once(); 1")));
  assert.ok(error instanceof PythonError, error);
  assert.deepEqual(error.frames, [{ filename: "a", line: 1, name: "f" }]);
  assert.deepEqual(Object.keys(error.frames[0]), ["filename", "line", "name"]);
  assert.equal(Object.getPrototypeOf(error), PythonError.prototype);
  assert.equal(/** @type {any} */ ({}).x, undefined);
});
