// What a program writes where its output is told of ends its Python, and never keeps the host thread.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { ConsoleExports } from "../../../js/src/console/console-exports.js";
import { Exports } from "../../../js/src/module/exports.js";
import { ChunkLayout, RING_BYTES } from "../../../js/src/module/host-layout.js";

const CHUNK_AT = 64;
const DATA_AT = 1024;

/**
 * Calls of a module that always has output.
 * @param {number} size of each chunk
 */
function alwaysOutput(size) {
  const wasmMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const fields = new DataView(wasmMemory.buffer);
  fields.setUint32(CHUNK_AT + ChunkLayout.stream, 1, true);
  fields.setUint32(CHUNK_AT + ChunkLayout.data, DATA_AT, true);
  fields.setUint32(CHUNK_AT + ChunkLayout.size, size, true);
  const glue = {
    wasmMemory,
    _malloc: () => CHUNK_AT,
    _heddle_console_peek: () => 1,
    _heddle_console_consume: () => 0,
    _heddle_console_prompt: () => DATA_AT,
  };
  /** @type {Error[]} */
  const damage = [];
  const exports = new Exports(glue, (error) => damage.push(error));
  const module = { exports, alive: /** @type {Exports | undefined} */ (exports), disposed: false };
  return { calls: new ConsoleExports(/** @type {any} */ (module)), module, exports, damage, wasmMemory };
}

for (const size of [0, RING_BYTES + 1, 2 ** 32 - 1]) {
  test(`output of ${size} bytes is damage, and the last that there is`, () => {
    const { calls, damage } = alwaysOutput(size);
    assert.equal(calls.takeOutput(), undefined);
    assert.equal(calls.takeOutput(), undefined);
    assert.equal(damage.length, 1);
    assert.match(damage[0].message, /output of \d+ bytes/);
  });
}

test("after the end there is no more output than the console can hold", () => {
  const { calls, module, exports } = alwaysOutput(1000);
  for (let i = 0; i < 2000; i++) assert.ok(calls.takeOutput());
  module.alive = undefined;
  exports.end();
  let count = 0;
  while (calls.takeOutput()) count++;
  assert.equal(count, Math.ceil(RING_BYTES / 1000));
});

test("a prompt ends with its 0, with the memory, or after a megabyte", () => {
  const { calls, exports, wasmMemory } = alwaysOutput(1);
  new Uint8Array(wasmMemory.buffer).set(new TextEncoder().encode("naïve? "), DATA_AT);
  assert.equal(calls.prompt(), "naïve? ");
  new Uint8Array(wasmMemory.buffer).fill(0x61);
  assert.equal(calls.prompt()?.length, 65536 - DATA_AT);
  assert.equal(exports.text(2 ** 32 - 1), "");
  const larger = new WebAssembly.Memory({ initial: 48, maximum: 48, shared: true });
  new Uint8Array(larger.buffer).fill(0x61);
  assert.equal(new Exports({ wasmMemory: larger }).text(7).length, 2 ** 20);
});
