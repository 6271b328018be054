// Builds presets of CMakePresets.json inside the toolchain, after setting up what is missing.
// SPDX-License-Identifier: MIT
//
// usage: node scripts/build.js [PRESET...]        (default: wasm-release)

import { existsSync, lstatSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, runInside } from "../wasm/toolchain/sandbox.js";
import { main, step } from "./steps.js";
import { setUp } from "../wasm/toolchain/setup.js";

/** Where the release build puts what the package needs. */
export const DIST = join(PROJECT, "build/wasm-release/dist");

/** Where the package has it: in a clone a link to DIST. */
export const PACKAGE_DIST = join(PROJECT, "dist");

/** Makes PACKAGE_DIST a link, also where an interrupted `npm pack` has left a folder. */
export function linkDist() {
  if (lstatSync(PACKAGE_DIST, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  rmSync(PACKAGE_DIST, { recursive: true, force: true });
  symlinkSync("build/wasm-release/dist", PACKAGE_DIST);
}

/**
 * Configures and builds one preset. Quick when nothing has changed.
 * @param {string} preset
 * @param {string[]} [targets] default: all
 */
export async function build(preset, targets = []) {
  const parts = await setUp();
  const defines = preset.startsWith("wasm")
    ? [
        `-DHEDDLE_SOURCES=${parts.sources}`,
        `-DHEDDLE_DEPS=${parts.deps}`,
        `-DHEDDLE_CPYTHON=${parts.cpython}`,
      ]
    : [];
  const configured = existsSync(join(PROJECT, "build", preset, "build.ninja"));
  await step(`Configuring ${preset}`, () =>
    runInside(parts.toolchain, [
      "cmake",
      "--preset",
      preset,
      ...defines,
      ...(configured ? ["--log-level=WARNING"] : []),
    ]),
  );
  await step(`Building ${preset}`, () =>
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

await main(import.meta.url, async (presets) => {
  for (const preset of presets.length ? presets : ["wasm-release"]) await build(preset);
});
