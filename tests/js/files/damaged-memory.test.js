// A file call that finds Python's memory damaged rejects: it never looks like success.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { FileError, PythonExitError } from "../../../js/src/errors.js";
import { FilesExports } from "../../../js/src/files/files-exports.js";
import { PythonFiles } from "../../../js/src/files/python-files.js";
import { Exports } from "../../../js/src/module/exports.js";

const FOUND_AT = 64;

/**
 * Files of a module with one page of memory.
 * @param {Record<string, () => number>} exported
 */
function filesOf(exported) {
  const wasmMemory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const glue = { wasmMemory, _malloc: () => FOUND_AT, _free() {}, ...exported };
  const module = {
    /** @type {Exports | undefined} */
    alive: undefined,
    exports: new Exports(glue, () => {
      module.alive = undefined;
      module.exports.end();
    }),
  };
  module.alive = module.exports;
  const calls = new FilesExports(/** @type {any} */ (module));
  return { files: new PythonFiles(() => calls), found: new DataView(wasmMemory.buffer, FOUND_AT) };
}

const trap = () => {
  throw new WebAssembly.RuntimeError("unreachable");
};

test("an export that traps rejects the call", async () => {
  const names = ["read", "readdir", "write", "mkdir", "rmdir", "unlink", "rename", "stat"];
  const traps = Object.fromEntries(names.map((name) => [`_heddle_fs_${name}`, trap]));
  for (const act of /** @type {((files: PythonFiles) => Promise<any>)[]} */ ([
    (files) => files.readFile("/a"),
    (files) => files.readdir("/a"),
    (files) => files.writeFile("/a", "text"),
    (files) => files.mkdir("/a"),
    (files) => files.mkdir("/a/b", { recursive: true }),
    (files) => files.rmdir("/a"),
    (files) => files.unlink("/a"),
    (files) => files.rename("/a", "/b"),
    (files) => files.stat("/a"),
    (files) => files.exists("/a"),
  ])) {
    await assert.rejects(act(filesOf(traps).files), PythonExitError, String(act));
  }
});

test("so do bytes that are not in the memory", async () => {
  for (const [data, size] of [
    [0, 65537],
    [65536, 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ]) {
    const give = () => {
      found.setUint32(0, data, true);
      found.setUint32(4, size, true);
      return 0;
    };
    const { files, found } = filesOf({ _heddle_fs_read: give, _heddle_fs_readdir: give });
    await assert.rejects(files.readFile("/a"), PythonExitError);
  }
});

test("names that would fill the heap are a FileError, as is text longer than a string", async () => {
  const calls = {
    readdir: () => ({ result: 0, bytes: new Uint8Array(2 ** 26 + 1) }),
    read: () => ({ result: 0, bytes: new Uint8Array(2 ** 29 + 2 ** 20) }),
  };
  const files = new PythonFiles(() => /** @type {any} */ (calls));
  await assert.rejects(
    files.readdir("/a"),
    (error) => error instanceof FileError && error.code === "EOVERFLOW",
  );
  await assert.rejects(
    files.readFile("/a", "utf8"),
    (error) => error instanceof FileError && error.code === "EFBIG",
  );
});
