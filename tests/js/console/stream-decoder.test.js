// Text survives being cut into chunks anywhere.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { StreamDecoder } from "../../../js/src/console/stream-decoder.js";

const TEXT = "aé€😀\ufeffz";
const BYTES = new TextEncoder().encode(TEXT);

for (let size = 1; size <= 6; size++) {
  test(`chunks of ${size} bytes`, () => {
    const decoder = new StreamDecoder();
    let text = "";
    for (let at = 0; at < BYTES.length; at += size)
      text += decoder.decode(1, 7, BYTES.subarray(at, at + size));
    assert.equal(text, TEXT);
  });
}

test("two threads may each be in the middle of a character", () => {
  const decoder = new StreamDecoder();
  const [first, second] = new TextEncoder().encode("é");
  assert.equal(decoder.decode(1, 7, new Uint8Array([first])), "");
  assert.equal(decoder.decode(1, 8, new Uint8Array([0x61, first])), "a");
  assert.equal(decoder.decode(2, 7, new Uint8Array([0x62])), "b");
  assert.equal(decoder.decode(1, 7, new Uint8Array([second])), "é");
  assert.equal(decoder.decode(1, 8, new Uint8Array([second])), "é");
});

test("bytes that are no UTF-8 become replacement characters", () => {
  const decoder = new StreamDecoder();
  assert.equal(decoder.decode(1, 7, new Uint8Array([0xff, 0x61])), "\ufffda");
});

test("threads that end in the middle of a character take no memory for ever", () => {
  const decoder = new StreamDecoder();
  const [first, second] = new TextEncoder().encode("é");
  for (let thread = 0; thread < 5000; thread++) decoder.decode(1, thread, new Uint8Array([first]));
  assert.equal(decoder.decode(1, 4999, new Uint8Array([second])), "é");
  assert.equal(decoder.decode(1, 0, new Uint8Array([second])), "\ufffd"); // its beginning is forgotten
});
