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

/** What Python never writes, but a program may. @type {[name: string, encoded: any][]} */
const FORGED = [
  ["no tag", {}],
  ["two tags", { n: "1", f: "1" }],
  ["a tag of Object's own", { constructor: "1" }],
  ["a prototype", JSON.parse('{"__proto__": {"n": "1"}}')],
  ["an int that is no text", { n: 1 }],
  ["an int of no digits", { n: "" }],
  ["a float that is no text", { f: [1] }],
  ["a dict with a length", { d: { length: 1e300 } }],
  ["a dict of text", { d: "ab" }],
  ["a set with a length", { s: { length: 1e300 } }],
  ["a repr of numbers", { r: [1, 2] }],
  ["a repr of nothing", { r: null }],
  ["bytes before the first", { b: [-1, 1] }],
  ["bytes beyond the last", { b: [0, 4] }],
  ["bytes of no size", { b: [0] }],
  ["bytes of a negative size", { b: [0, -1] }],
  ["bytes of text", { b: ["0", "1"] }],
  ["the same bytes twice", [{ b: [0, 3] }, { b: [0, 3] }]],
];
for (const [name, encoded] of FORGED) {
  test(`${name} is refused`, () => {
    assert.throws(() => decodeValue(encoded, new Uint8Array(3)), /TypeError|SyntaxError/);
  });
}

test("containers are decoded as deep as Python writes them, and no deeper", () => {
  const nested = (/** @type {number} */ depth) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  assert.ok(Array.isArray(decodeValue(nested(101), new Uint8Array())));
  for (const depth of [102, 1e6]) {
    assert.throws(() => decodeValue(nested(depth), new Uint8Array()), /nested deeper than 100/);
  }
});

/** A message as Python writes it. @param {string} json */
function messageOf(json) {
  const bytes = new TextEncoder().encode(`0000${json}`);
  new DataView(bytes.buffer).setUint32(0, bytes.length - 4, true);
  return bytes;
}

test("JSON of more values than an engine's heap holds is refused before it is read", () => {
  const many = 8e6;
  for (const item of ["[],", '{"s":[]},', '["\\\\"],'])
    assert.throws(() => unpackMessage(messageOf(`[${item.repeat(many)}0]`)), /too many values/);
});

test("long texts, and lists of millions of numbers, are not", () => {
  const text = `[,]\\"{}\\\\`.repeat(1e6);
  assert.equal(unpackMessage(messageOf(`["${text}",["${text}"]]`)).message.length, 2);
  assert.equal(unpackMessage(messageOf(`[${"1,".repeat(10e6)}0]`)).message.length, 10e6 + 1);
});
