// Runs a command inside the toolchain: node wasm/toolchain/run.js COMMAND [ARGS...]
// SPDX-License-Identifier: MIT

import { runInside } from "./sandbox.js";
import { setUp, SetupError } from "./setup.js";

try {
  const { toolchain } = await setUp();
  process.exitCode = await runInside(toolchain, process.argv.slice(2), { cwd: process.cwd() });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`heddle: ${error.message}`);
  process.exitCode = 1;
}
