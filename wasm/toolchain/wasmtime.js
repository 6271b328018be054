// Fetches wasmtime's C library for the host in wasm/wasmtime, once for each machine.
// SPDX-License-Identifier: MIT
//
// wasmtime publishes it for Python, as a package with the shared library in it.

import { join } from "node:path";
import { LOGS, setUpPart } from "./parts.js";
import { WASMTIME } from "./pins.js";
import { fetchWheels } from "./pip.js";
import { Step } from "./progress.js";
import { CACHE } from "./sandbox.js";
import { setUp } from "./setup.js";

/**
 * Sets up what is missing.
 * @returns {Promise<string>} the unpacked package's folder; rejects with a SetupError
 */
export async function setUpWasmtime() {
  const { toolchain } = await setUp();
  const folder = join(CACHE, `wasmtime-${WASMTIME.version}-${WASMTIME.sha256.slice(0, 12)}`);
  await setUpPart(folder, (part) => fetchPackage(toolchain, part));
  return folder;
}

/** @param {string} toolchain @param {string} part */
async function fetchPackage(toolchain, part) {
  const step = new Step(`wasmtime ${WASMTIME.version} (its C library, 10 MB)`);
  try {
    await fetchWheels(step, toolchain, part, {
      requirements: `wasmtime==${WASMTIME.version} --hash=sha256:${WASMTIME.sha256}\n`,
      platform: WASMTIME.platform,
      log: join(LOGS, "wasmtime.log"),
    });
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}
