// What the tests of the wasmtime host share: the host's program, a command that uses it.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../wasm/toolchain/sandbox.js";
import { HeddleProcess, noBuild as noPython } from "../js/support.js";

/** The host's program. */
export const HOST = process.env.HEDDLE_WASMTIME ?? join(PROJECT, "build/wasmtime/dist/heddle-wasmtime");
export const DIST = process.env.HEDDLE_DIST ?? join(PROJECT, "build/wasm-release/dist");

/** Why tests are skipped, or false. */
export const noBuild = existsSync(HOST) ? noPython : `no ${HOST}: run \`node scripts/build.js wasmtime\``;

/** `heddle --host=wasmtime`; see HeddleProcess. */
export class WasmtimeProcess extends HeddleProcess {
  /**
   * @param {string[]} args
   * @param {ConstructorParameters<typeof HeddleProcess>[1]} [options]
   */
  constructor(args, options) {
    super(["--host=wasmtime", ...args], options);
  }
}

/**
 * Runs it to its end, by default with an empty stdin.
 * @param {string[]} args
 * @param {ConstructorParameters<typeof HeddleProcess>[1]} [options]
 */
export function wasmtime(args, options) {
  return new WasmtimeProcess(args, { input: "", ...options }).finish();
}

/**
 * Runs the host itself, without the command, to its end.
 * @param {string[]} args
 * @param {string} [input]
 */
export function host(args, input = "") {
  const { status, signal, stdout, stderr } = spawnSync(HOST, args, {
    input,
    encoding: "utf8",
    timeout: 120_000,
  });
  return { code: status, signal, stdout, stderr };
}

/**
 * The process that a launcher started.
 * @param {number | undefined} launcher its pid
 */
export function hostOf(launcher) {
  const children = readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8").trim().split(" ");
  return Number(children[0]);
}

/** Why tests that mount something are skipped, or false. */
export const cannotMount =
  spawnSync("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0
    ? false
    : "this system does not permit mounting (unshare --map-root-user --mount)";
