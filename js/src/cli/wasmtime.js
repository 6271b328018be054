// Runs python.wasm under wasmtime: starts the native host in wasm/wasmtime, which does the rest.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { HeddleError } from "../errors.js";
import { distributionFolder } from "../host-node.js";
import { foldersToMount } from "./mounts.js";
import { FORWARDED } from "./signals.js";

/** @typedef {import("./arguments.js").CommandLine} CommandLine */

const HOST = "build/wasmtime/dist/heddle-wasmtime";

// Where the host reads the numbers of signals that this process got; signals.h there says why.
const SIGNALS_FD = 3;

/**
 * Runs the command line; resolves with the exit code.
 * @param {CommandLine} line
 * @returns {Promise<number>}
 * @example
 * process.exitCode = await runUnderWasmtime(parseArguments(["--host=wasmtime", "main.py"]));
 */
export function runUnderWasmtime(line) {
  const child = spawn(hostPath(), hostArguments(line, process.cwd()), {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
  });
  const signals = /** @type {import("node:stream").Writable} */ (child.stdio[SIGNALS_FD]);
  signals.on("error", () => {}); // the host has ended, and so will this process
  for (const [name, signum] of Object.entries(FORWARDED)) {
    process.on(name, () => signals.write(Uint8Array.of(signum)));
  }
  return new Promise((done, failed) => {
    child.on("error", (cause) =>
      failed(new HeddleError(`heddle: cannot start ${child.spawnfile}: ${cause.message}`, { cause })),
    );
    child.on("exit", (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

/** HEDDLE_WASMTIME names another one than the clone's own. */
function hostPath() {
  const path = process.env.HEDDLE_WASMTIME ?? fileURLToPath(new URL(`../../../${HOST}`, import.meta.url));
  if (existsSync(path)) return resolve(path);
  throw new HeddleError(
    `heddle: --host=wasmtime: there is no ${path}. It is not part of the npm package: in a clone of the ` +
      "project 'node scripts/build.js wasmtime' builds it; HEDDLE_WASMTIME=<path> names one that is elsewhere.",
  );
}

/**
 * What the command line grants, in the host's own options.
 * @param {CommandLine} line
 * @param {string} currentFolder
 * @returns {string[]}
 * @example
 * hostArguments(parseArguments(["--host=wasmtime", "--timeout=5", "/data/run.py"]), "/home/me");
 */
export function hostArguments(line, currentFolder) {
  return [
    `--launcher-fd=${SIGNALS_FD}`,
    `--dist=${distributionFolder()}`,
    ...foldersToMount(line, currentFolder).map((folder) => `--mount=${folder}`),
    ...(line.hostFiles ? [`--cwd=${currentFolder}`] : []),
    ...(line.hostEnvironment ? ["--inherit-env"] : []),
    ...line.sandbox,
    "--",
    ...line.pythonArgs,
  ];
}
