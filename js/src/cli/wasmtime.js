// Runs python.wasm under wasmtime: starts the native host in wasm/wasmtime, which does the rest.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { HeddleError } from "../errors.js";
import { distributionFolder } from "../host/host-node.js";
import { mountsFor } from "./mounts.js";
import { FORWARDED } from "./signals.js";
import { historyPath, TerminalPrompt } from "./terminal-prompt.js";

/** @typedef {import("./arguments.js").CommandLine} CommandLine */

const HOST = "build/wasmtime/dist/heddle-wasmtime";

// The pipe to the host; launcher.h there says what goes through it.
const PIPE_FD = 3;

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
  const pipe = /** @type {import("node:stream").Duplex} */ (child.stdio[PIPE_FD]);
  pipe.on("error", () => {}); // the host has ended, and so will this process
  serveHost(pipe);
  return new Promise((done, failed) => {
    child.on("error", (cause) =>
      failed(new HeddleError(`heddle: cannot start ${child.spawnfile}: ${cause.message}`, { cause })),
    );
    child.on("exit", (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}

/**
 * Passes signals on, and answers the host's wishes for lines from the terminal.
 * @param {import("node:stream").Duplex} pipe
 */
function serveHost(pipe) {
  /** @param {number} signum */
  const passOn = (signum) => void pipe.write(Buffer.from([...Buffer.from("S"), signum]));
  const prompt = new TerminalPrompt({
    historyPath: historyPath(),
    onInterrupt: () => passOn(constants.signals.SIGINT),
  });
  for (const [name, signum] of Object.entries(FORWARDED)) {
    process.on(name, () => {
      passOn(signum);
      prompt.cancel();
    });
  }
  /** @type {Buffer} */
  let waiting = Buffer.alloc(0);
  pipe.on("data", (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (let request; (request = takeRequest(waiting)); waiting = request.rest) {
      void prompt.read(request.prompt).then((line) => pipe.write(answer(line)));
    }
  });
}

/** @param {Buffer} bytes @returns {{prompt: string | undefined, rest: Buffer} | undefined} */
function takeRequest(bytes) {
  if (bytes[0] === "R".charCodeAt(0)) return { prompt: undefined, rest: bytes.subarray(1) };
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt32LE(1)) return undefined;
  const end = 5 + bytes.readUInt32LE(1);
  return { prompt: bytes.toString("utf8", 5, end), rest: bytes.subarray(end) };
}

/** @param {Uint8Array | null | undefined} line as TerminalPrompt has it */
function answer(line) {
  if (!line) return Buffer.from(line === null ? "E" : "N");
  const head = Buffer.from("L\0\0\0\0");
  head.writeUInt32LE(line.length, 1);
  return Buffer.concat([head, line]);
}

/** HEDDLE_WASMTIME, if it is not empty, names another one than the clone's own. */
function hostPath() {
  const path = process.env.HEDDLE_WASMTIME || fileURLToPath(new URL(`../../../${HOST}`, import.meta.url));
  if (existsSync(path)) return resolve(path);
  throw new HeddleError(
    `heddle: --host=wasmtime: there is no ${path}. It is not part of the npm package: in a clone of the ` +
      "project 'node scripts/build.js wasmtime' builds it; HEDDLE_WASMTIME=<path> names one that is elsewhere.",
  );
}

/**
 * The host's own options for what the command line grants.
 * @param {CommandLine} line
 * @param {string} currentFolder
 * @returns {string[]}
 * @example
 * hostArguments(parseArguments(["--host=wasmtime", "--timeout=5", "/data/run.py"]), "/home/me");
 */
export function hostArguments(line, currentFolder) {
  const pythonPath = line.hostEnvironment ? process.env.PYTHONPATH : undefined;
  const { folders, links } = mountsFor(line, currentFolder, pythonPath);
  return [
    `--launcher-fd=${PIPE_FD}`,
    `--dist=${distributionFolder()}`,
    ...folders.flatMap(({ hostPath, path }) => [`--mount=${hostPath}`, `--at=${path}`]),
    ...links.flatMap(({ path, target }) => [`--link=${path}`, `--to=${target}`]),
    ...(line.hostFiles ? [`--cwd=${currentFolder}`] : []),
    ...(line.hostEnvironment ? ["--inherit-env"] : []),
    ...line.sandbox,
    "--",
    ...line.pythonArgs,
  ];
}
