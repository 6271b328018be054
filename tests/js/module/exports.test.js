// The exports of python.wasm die once: afterwards only those are called that take no lock and no memory.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ClosedError, LoadError, OutOfMemoryError } from "../../../js/src/errors.js";
import { Exports } from "../../../js/src/module/exports.js";
import { Errno } from "../../../js/src/module/host-layout.js";

/** Emscripten's object for a module whose memory is given out from address 64 on. */
function fakeGlue() {
  const wasmMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  let next = 64;
  /** @type {Set<number>} */
  const lent = new Set();
  return {
    wasmMemory,
    lent,
    _malloc(/** @type {number} */ size) {
      if (size > 1000) return 0;
      lent.add(next);
      return (next += 1000) - 1000;
    },
    _free: (/** @type {number} */ pointer) => void lent.delete(pointer),
    _heddle_console_peek: () => 0,
    _heddle_console_consume: () => 0,
    _heddle_program_exit_code: () => 7,
    _heddle_fs_write: (/** @type {number} */ path, /** @type {number} */ data) => data,
    _heddle_signal_post() {
      throw Object.assign(new Error("a handler ended the program"), { name: "ExitStatus" });
    },
    _heddle_fs_mkdir() {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  };
}

test("after the end calls that take locks or memory are refused by name, and the others answer", () => {
  const exports = new Exports(fakeGlue());
  exports.end();
  for (const name of ["malloc", "free", "heddle_signal_post", "heddle_fs_write"]) {
    assert.throws(
      () => exports.call(name, 1),
      (error) => error instanceof ClosedError && error.message.startsWith(`heddle: ${name}(): `),
    );
  }
  assert.throws(() => exports.copyIn(new Uint8Array(3)), ClosedError);
  assert.equal(exports.call("heddle_console_peek"), 0);
  assert.equal(exports.call("heddle_console_consume"), 0);
  assert.equal(exports.call("heddle_program_exit_code"), 7);
});

test("memory that was lent is given back, also when the call traps", () => {
  const glue = fakeGlue();
  const exports = new Exports(glue);
  const seen = exports.withCopy(new Uint8Array([1, 2, 3]), (data) => [...exports.copyOut(data, 3)]);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.throws(() => exports.callWithStrings("heddle_fs_mkdir", ["/a"]), WebAssembly.RuntimeError);
  assert.equal(glue.lent.size, 0);
  assert.throws(
    () => exports.allocate(1001),
    (error) => error instanceof OutOfMemoryError && /no memory left for 1001 bytes/.test(error.message),
  );
  assert.equal(exports.callWithStrings("heddle_fs_write", ["/a", "b".repeat(1000)]), -Errno.ENOMEM);
  assert.equal(glue.lent.size, 0);
});

test("a call that ends the program gives 0, and an export of another version says so", () => {
  const exports = new Exports(fakeGlue());
  assert.equal(exports.call("heddle_signal_post", 15), 0);
  assert.throws(() => exports.call("heddle_new"), LoadError);
});

test("an address or a size is never negative, and every other result keeps its sign", () => {
  const headers = ["wasm/host/host.h", "runtime/include/heddle/heddle.h"].map((path) =>
    readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"),
  );
  const marked = [...headers[0].matchAll(/^HEDDLE_EXPORT ([\w *]+?)(heddle_\w+)\(/gm)];
  const listed = readFileSync(new URL("../../../wasm/host/exports.txt", import.meta.url), "utf8");
  const named = [...listed.matchAll(/^_(heddle_\w+)$/gm)].map(([, name]) => {
    const declared = new RegExp(`^([\\w *]+?)(${name})\\(`, "m");
    return headers.map((header) => declared.exec(header)).find((found) => found) ?? assert.fail(name);
  });
  const types = new Map([...marked, ...named].map(([, type, name]) => [name, type]));
  assert.ok(marked.length > 20, "host.h's exports were found");
  types.set("malloc", "void*");
  for (const [name, type] of types) {
    const exports = new Exports({ [`_${name}`]: () => -1 });
    assert.equal(exports.call(name), /\*|size_t|uint/.test(type) ? 2 ** 32 - 1 : -1, `${type}${name}()`);
  }
});
