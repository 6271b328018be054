// Hostile programs on both hosts: `npm run fuzz -- [--calls=N] [--seconds=N]`.
// SPDX-License-Identifier: MIT
//
// By default a million calls, and ten minutes of links in the place of folders, on each host. `npm test` has a short
// run of both.

import { parseArgs } from "node:util";

import { build, buildWasmtimeHost } from "./build.js";
import { main, run, step } from "./steps.js";

/**
 * @param {number} calls of imports, on each host
 * @param {number} seconds of moving folders, on each host
 */
export async function fuzz(calls, seconds) {
  await build("wasm-release");
  await build("wasm-release", ["python_for_tests"]);
  await buildWasmtimeHost();
  await step("Forged calls of single imports", () =>
    run("node", ["--test", "tests/fuzz/forged.test.js", "tests/fuzz/wasmtime.test.js"]),
  );
  for (const host of ["node", "wasmtime"]) {
    await step(`Hostile programs, under ${host}`, () =>
      run("node", ["tests/fuzz/run.js", `--host=${host}`, `--calls=${calls}`]),
    );
    await step(`Links in the place of folders, under ${host}`, () =>
      run("node", ["tests/fuzz/race.js", `--host=${host}`, `--seconds=${seconds}`]),
    );
  }
}

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: { calls: { type: "string", default: "1000000" }, seconds: { type: "string", default: "600" } },
  });
  await fuzz(Number(values.calls), Number(values.seconds));
});
