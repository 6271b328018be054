// Small helpers of the scripts: a named step that must succeed, and a main() that reports in one line.
// SPDX-License-Identifier: MIT

import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { constants } from "node:os";
import { SetupError } from "../wasm/toolchain/progress.js";
import { PROJECT } from "../wasm/toolchain/sandbox.js";

/** A step that ended with an exit code other than 0; its own output has said why. */
export class StepFailed extends Error {}

/** How long each step took, in their order. @type {{ title: string, seconds: number }[]} */
export const stepTimes = [];

/**
 * Runs a step and fails unless it gives 0.
 * @param {string} title
 * @param {() => Promise<number>} run
 */
export async function step(title, run) {
  const started = Date.now();
  console.error(`\n== ${title}`);
  const code = await run();
  const seconds = (Date.now() - started) / 1000;
  stepTimes.push({ title, seconds });
  const time = seconds.toFixed(1);
  if (code !== 0) throw new StepFailed(`${title}: failed with exit code ${code} after ${time} s`);
  console.error(`== ${title}: ${time} s`);
}

/**
 * Runs a command with this process's own streams.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>} its exit code
 */
export function run(file, args, { env = process.env, cwd = PROJECT } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { stdio: "inherit", env, cwd });
    child.on("error", failed);
    child.on("exit", (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

/**
 * Runs `body` with the command line's arguments when the module at `url` is the program itself.
 * @param {string} url import.meta.url
 * @param {(args: string[]) => Promise<void>} body
 */
export async function main(url, body) {
  if (!process.argv[1] || statSync(process.argv[1]).ino !== statSync(new URL(url)).ino) return;
  try {
    await body(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError || error instanceof StepFailed)) throw error;
    console.error(`\nheddle: ${error.message}`);
    process.exitCode = 1;
  }
}
