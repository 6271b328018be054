// Builds presets of CMakePresets.json inside the toolchain, after setting up what is missing.
// SPDX-License-Identifier: MIT
//
// usage: node scripts/build.js [PRESET...]        (default: wasm-release)
// The preset wasmtime also fetches wasmtime, and compiles python.wasm for it if that is there.
// wasm-stock is no preset: it links the build without Heddle's threads that bench/ compares with.

import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, runInside, WASI_SDK } from "../wasm/toolchain/sandbox.js";
import { main, run, step } from "./steps.js";
import { setUp } from "../wasm/toolchain/setup.js";
import { setUpWasmtime } from "../wasm/toolchain/wasmtime.js";

/** Where the release build puts what the package needs. */
export const DIST = join(PROJECT, "build/wasm-release/dist");

/** The same for the build without Heddle's threads, but for stdlib.zip, which is DIST's. */
export const STOCK_DIST = join(PROJECT, "build/wasm-release/dist-stock");

/** Where the package has it: in a clone a link to DIST. */
export const PACKAGE_DIST = join(PROJECT, "dist");

/** Makes PACKAGE_DIST a link, also where an interrupted `npm pack` has left a folder. */
export function linkDist() {
  if (lstatSync(PACKAGE_DIST, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  rmSync(PACKAGE_DIST, { recursive: true, force: true });
  symlinkSync("build/wasm-release/dist", PACKAGE_DIST);
}

/** @type {Map<string, ReturnType<typeof buildNow>>} */
const builds = new Map();

/**
 * Configures and builds one preset, once in this process. Quick when nothing has changed.
 * @param {string} preset
 * @param {string[]} [targets] default: all
 */
export function build(preset, targets = []) {
  const key = [preset, ...targets].join(" ");
  let started = builds.get(key);
  if (!started) builds.set(key, (started = buildNow(preset, targets)));
  return started;
}

/**
 * @param {string} preset
 * @param {string[]} targets
 */
async function buildNow(preset, targets) {
  const parts = await setUp();
  const defines = await definesFor(preset, parts);
  const configured = existsSync(join(PROJECT, "build", preset, "build.ninja"));
  const fresh = configured && preset === "wasi" && !isForWasiSdk();
  await step(`Configuring ${preset}`, () =>
    runInside(parts.toolchain, [
      "cmake",
      "--preset",
      preset,
      ...defines,
      ...(fresh ? ["--fresh"] : []),
      ...(configured ? ["--log-level=WARNING"] : []),
    ]),
  );
  await step(`Building ${[preset, ...targets].join(" ")}`, () =>
    runInside(parts.toolchain, [
      "cmake",
      "--build",
      "--preset",
      preset,
      ...targets.flatMap((target) => ["--target", target]),
    ]),
  );
  linkDist();
  return parts;
}

/**
 * @param {string} preset
 * @param {import("../wasm/toolchain/setup.js").Parts} parts
 */
async function definesFor(preset, parts) {
  if (preset === "wasmtime") return [`-DHEDDLE_WASMTIME=${await setUpWasmtime()}`];
  if (!preset.startsWith("wasm-")) return [];
  return [
    `-DHEDDLE_SOURCES=${parts.sources}`,
    `-DHEDDLE_DEPS=${parts.deps}`,
    `-DHEDDLE_CPYTHON=${parts.cpython}`,
  ];
}

/** Whether the preset wasi is configured for the same wasi-sdk, or none: CMake keeps the compiler that it had. */
function isForWasiSdk() {
  const compiler = join(WASI_SDK || "/usr", "bin", WASI_SDK ? "clang++" : "clang++-19");
  return readFileSync(join(PROJECT, "build/wasi/build.ninja"), "utf8").includes(`${compiler} `);
}

/** Builds the host that runs python.wasm under wasmtime, and compiles the python.wasm that there is. */
export async function buildWasmtimeHost() {
  await build("wasmtime", ["heddle-wasmtime"]);
  if (!existsSync(join(DIST, "python.wasm"))) return;
  const host = join(PROJECT, "build/wasmtime/dist/heddle-wasmtime");
  await step("Compiling python.wasm for wasmtime", () => run(host, [`--dist=${DIST}`, "--compile"]));
}

await main(import.meta.url, async (presets) => {
  for (const preset of presets.length ? presets : ["wasm-release"]) {
    if (preset === "wasmtime") await buildWasmtimeHost();
    else if (preset === "wasm-stock") await build("wasm-release", ["python_stock"]);
    else await build(preset);
  }
});
