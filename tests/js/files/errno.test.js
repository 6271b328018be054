// Results of python.wasm's file functions become FileErrors that name the errno of this target.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { FileError } from "../../../js/src/errors.js";
import { check } from "../../../js/src/files/errno.js";

/** @type {[errno: number, code: string][]} WASI's numbers, and those that WASI has no word for */
const cases = [
  [2, "EACCES"],
  [44, "ENOENT"],
  [75, "EXDEV"],
  [138, "ENOTSUP"],
];
for (const [errno, code] of cases) {
  test(`-${errno} is ${code}`, () => {
    assert.throws(
      () => check(-errno, "stat", "/a"),
      (error) =>
        error instanceof FileError &&
        error.code === code &&
        error.message.startsWith(`heddle: fs.stat("/a"): ${code}: `),
    );
  });
}

test("a number that is none says so, and a result that is no error passes", () => {
  assert.throws(() => check(-58, "stat", "/a"), { name: "FileError", code: "errno 58" });
  check(0, "stat", "/a");
  check(3, "stat", "/a");
});
