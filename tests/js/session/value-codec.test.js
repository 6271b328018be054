// Values cross to Python and back by copy, as the documentation says.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { ValueCopyError } from "../../../js/src/errors.js";
import { packMessage, unpackMessage } from "../../../js/src/session/protocol.js";
import { PyRepr } from "../../../js/src/session/py-repr.js";
import { decodeValue, ValueEncoder } from "../../../js/src/session/value-codec.js";

/** To bytes and back, as if Python had sent it on unchanged. @param {any} value */
function roundTrip(value) {
  const encoder = new ValueEncoder();
  const packed = packMessage({ value: encoder.encode(value) }, encoder.blobs);
  const { message, blobs } = unpackMessage(packed);
  return decodeValue(message.value, blobs);
}

const SAME = [
  true,
  false,
  0,
  1,
  -1,
  1.5,
  -0,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53 - 1,
  1e-300,
  "",
  "é😀",
  "\ud800 alone",
  2n ** 70n,
  -(2n ** 70n),
  [],
  [1, ["a", [undefined]]],
  new Map([["a", 1]]),
  new Map([[1, new Set(["x"])]]),
  new Uint8Array([0, 255]),
  [new Uint8Array([1]), new Uint8Array(), new Uint8Array([2, 3])],
];

for (const value of SAME) {
  test(`${Object.prototype.toString.call(value)} ${String(value)} survives`, () =>
    assert.deepEqual(roundTrip(value), value));
}

test("null and undefined are None, which is undefined", () => assert.equal(roundTrip(null), undefined));
test("plain objects become dicts", () => assert.deepEqual(roundTrip({ a: 1 }), new Map([["a", 1]])));
test("an ArrayBuffer becomes bytes", () =>
  assert.deepEqual(roundTrip(new Uint8Array([7]).buffer), new Uint8Array([7])));
test("whole floats beyond 2**53 stay floats", () =>
  assert.deepEqual(new ValueEncoder().encode(1e20), { f: "100000000000000000000" }));
test("an object that is not copied arrives as PyRepr", () => {
  const value = decodeValue({ r: ["Thing", "<Thing>"] }, new Uint8Array());
  assert.ok(value instanceof PyRepr);
  assert.equal(`${value.type} ${value}`, "Thing <Thing>");
});

/** @type {any[]} */
const cycle = [];
cycle.push(cycle);
/** @type {[name: string, value: any, message: RegExp][]} */
const REFUSED = [
  ["a function", { f() {} }, /globals\.f is a function/],
  ["a symbol", Symbol("x"), /globals is a symbol/],
  ["a Date", [new Date()], /globals\[0\] is an object of class Date/],
  ["a cycle", cycle, /globals\[0\] is an object that contains itself/],
];
for (const [name, value, message] of REFUSED) {
  test(`${name} is refused with its place`, () => {
    assert.throws(
      () => new ValueEncoder().encode(value, "globals"),
      (error) => error instanceof ValueCopyError && message.test(error.message),
    );
  });
}
