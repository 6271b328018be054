// Runs a wasm32-wasip1-threads program under Node: node run.mjs PROGRAM.wasm
// SPDX-License-Identifier: MIT
//
// Node has WASI and no wasi-threads; the missing part is here: wasi.thread-spawn makes a worker
// with an instance of its own over the same memory.

import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { Worker, isMainThread, workerData } from "node:worker_threads";

/** @param {WebAssembly.Module} module @param {WebAssembly.Memory} memory @param {Int32Array} ids */
function instantiate(module, memory, ids) {
  const wasi = new WASI({ version: "preview1", args: ["program"] });
  const spawnThread = (/** @type {number} */ argument) => {
    const id = Atomics.add(ids, 0, 1) + 1;
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { module, memory, ids, id, argument },
    });
    worker.unref(); // the program ends when main() does
    return id;
  };
  const instance = new WebAssembly.Instance(module, {
    ...wasi.getImportObject(),
    env: { memory },
    wasi: { "thread-spawn": spawnThread },
  });
  return { wasi, exports: /** @type {any} */ (instance.exports), memory };
}

if (isMainThread) {
  const module = new WebAssembly.Module(readFileSync(process.argv[2]));
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 1024, shared: true }); // as it is linked
  const program = instantiate(module, memory, new Int32Array(new SharedArrayBuffer(4)));
  const { _start, ...rest } = program.exports;
  process.exit(program.wasi.start(/** @type {any} */ ({ exports: { ...rest, _start, memory } })));
} else {
  const { module, memory, ids, id, argument } = workerData;
  const { wasi, exports } = instantiate(module, memory, ids);
  wasi.initialize(/** @type {any} */ ({ exports: { memory } })); // the memory is initialised already
  exports.wasi_thread_start(id, argument);
}
