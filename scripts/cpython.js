// npm run cpython: CPython's own tests under Heddle, all 480 modules of them; `npm test` runs those of threads.
// SPDX-License-Identifier: MIT
//
// usage: node scripts/cpython.js [--host=wasmtime] [--jobs N] [--again] [--update] [pattern ...]
// The options are those of tests/cpython/run.js.

import { join } from "node:path";
import { PROJECT } from "../wasm/toolchain/sandbox.js";
import { build, buildWasmtimeHost } from "./build.js";
import { main, run } from "./steps.js";

/**
 * Builds the python.wasm that has CPython's test modules, and runs tests with it.
 * @param {string[]} options
 */
export async function cpythonTests(...options) {
  const { sources } = await build("wasm-release", ["python_for_tests"]);
  const env = {
    ...process.env,
    HEDDLE_CPYTHON_TESTS: join(sources, "python3.13/Lib"),
    HEDDLE_DIST: join(PROJECT, "build/wasm-release/dist-for-tests"),
  };
  return run("node", ["tests/cpython/run.js", ...options], { env });
}

await main(import.meta.url, async (options) => {
  if (options.includes("--host=wasmtime")) await buildWasmtimeHost();
  await cpythonTests("--all", ...options);
});
