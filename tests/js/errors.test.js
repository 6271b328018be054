// Errors say what happened and what to do, under names that programs can rely on.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ClosedError,
  FileError,
  HeddleError,
  LoadError,
  PythonError,
  PythonExitError,
} from "../../js/src/errors.js";

test("a PythonError shows the traceback, then the JavaScript calls", () => {
  const error = new PythonError({
    type: "ValueError",
    message: "no",
    traceback: "Traceback …\nValueError: no\n",
    frames: [],
  });
  assert.equal(error.name, "PythonError");
  assert.equal(error.message, "no");
  assert.match(error.stack ?? "", /^PythonError: ValueError: no\nTraceback …\nValueError: no\n +at /);
  assert.ok(error instanceof HeddleError);
});

test("a ClosedError says what to do", () => {
  assert.equal(
    new ClosedError("run()").message,
    "heddle: run(): this Python was closed by close(). Call loadPython() for a new one.",
  );
  const cause = new PythonExitError(3, "it exited with code 3");
  assert.equal(
    new ClosedError("fs.stat()", cause).message,
    "heddle: fs.stat(): this Python has ended: it exited with code 3. Call loadPython() for a new one.",
  );
});

test("a FileError has code and path", () => {
  const { code, path, message } = new FileError("readFile", "/a", "ENOENT", "no such file or folder");
  assert.deepEqual(
    [code, path, message],
    ["ENOENT", "/a", 'heddle: fs.readFile("/a"): ENOENT: no such file or folder'],
  );
});

test("causes are kept, and names are the classes' own", () => {
  const cause = new Error("why");
  assert.equal(new LoadError("x", { cause }).cause, cause);
  assert.equal(new LoadError("x").name, "LoadError");
  assert.equal(new PythonExitError(3, "it exited with code 3").exitCode, 3);
});
