// The `heddle` command: runs python.wasm on this terminal, these files and this environment.
// SPDX-License-Identifier: MIT
// @ts-check

import { isatty } from "node:tty";

import { Console } from "../console/console.js";
import { HeddleError } from "../errors.js";
import { mountRefusal } from "../files/errno.js";
import { FilesExports } from "../files/files-exports.js";
import { nodeHost } from "../host/host-node.js";
import { Signal } from "../module/host-layout.js";
import { createModule } from "../module/python-module.js";
import { parseArguments, UsageError } from "./arguments.js";
import { FdWriter } from "./fd-writer.js";
import { mountsFor } from "./mounts.js";
import { forwardSignals } from "./signals.js";
import { StdinSource } from "./stdin-source.js";
import { historyPath, TerminalPrompt } from "./terminal-prompt.js";

/** @typedef {import("./arguments.js").CommandLine} CommandLine */

const EXIT_USAGE = 2;
const EXIT_SIGPIPE = 128 + 13; // as a shell says it of a command that SIGPIPE ended
const EXIT_CRASH = 128 + Signal.SIGABRT;

// Workers loaded ahead of need: each takes some milliseconds of a short program's time.
const SPARE_WORKERS = 2;

/**
 * Runs the command line; the process ends with its exit code.
 * @param {string[]} argv without the name of the command
 * @example
 * await main(process.argv.slice(2));
 */
export async function main(argv) {
  try {
    const line = parseArguments(argv);
    if (line.action === "help") {
      const { HELP } = await import("./help.js");
      process.stdout.write(HELP);
    } else if (line.action === "serve") {
      const { serve } = await import("./serve.js");
      await serve(line.programArgs);
    } else if (line.action === "verify") {
      const { verify } = await import("./verify.js");
      if (!verify(line.programArgs)) process.exitCode = 1;
    } else if (line.host === "wasmtime") {
      const { runUnderWasmtime } = await import("./wasmtime.js");
      process.exit(await runUnderWasmtime(line));
    } else {
      await runPython(line);
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof HeddleError)) throw error;
    process.stderr.write(`${error.message.startsWith("heddle:") ? "" : "heddle: "}${error.message}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : 1;
  }
}

/** @param {CommandLine} line */
async function runPython(line) {
  const distribution = nodeHost.openDistribution();
  const writer = new FdWriter(() => process.exit(EXIT_SIGPIPE));
  const terminal = { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) };

  const mounts = mountsFor(line, process.cwd(), process.env.PYTHONPATH);
  const grant = nodeHost.grantFolders(mounts.folders.map(({ hostPath }) => hostPath));
  /** @type {import("../module/python-module.js").ModuleSettings} */
  const settings = {
    host: nodeHost,
    distribution,
    grant,
    env: environment(line),
    program: "heddle",
    workers: 1, // short programs have no other threads
    onEvent: (event) => streams.handle(event),
    onExit: (exitCode) => void end(exitCode),
    onCrash(what, error) {
      void end(EXIT_CRASH, `heddle: fatal: ${what}: ${error.stack ?? error.message}\n`);
    },
    onMessage: (text) => void writer.write(2, Buffer.from(`${text}\n`)),
  };
  const source = new StdinSource();
  /** @type {import("../console/console.js").ConsoleUser} */
  const user = {
    write: ({ stream, bytes }) => writer.write(stream, bytes),
    async read(text) {
      await streams.finish();
      await writer.flush();
      return prompt ? prompt.read(text) : source.read();
    },
  };
  const { module, files, streams } = await createModule(settings, (module) => ({
    module,
    files: new FilesExports(module),
    streams: new Console(nodeHost, module, user),
  }));
  const signals = forwardSignals(module, () => prompt?.cancel());
  const prompt = terminal.stdin
    ? new TerminalPrompt({ historyPath: historyPath(), onInterrupt: () => signals.interrupt() })
    : undefined;

  for (const [i, { hostPath, path }] of mounts.folders.entries()) {
    mustMount(hostPath, path, files.mountHost(path, /** @type {any} */ (grant).folders[i]));
  }
  for (const { path, target } of mounts.links) mustMount(target, path, files.addLink(target, path));
  const setTerminal = () => {
    const { columns, rows } = process.stdout; // 0: the terminal does not know
    streams.setTerminal({ ...terminal, columns: columns || undefined, rows: rows || undefined });
  };
  if (terminal.stdin || terminal.stdout || terminal.stderr) setTerminal();
  if (terminal.stdout) process.stdout.on("resize", setTerminal);
  module.start(line.pythonArgs);
  module.keepSpareWorkers(SPARE_WORKERS);
  nodeHost.stayAlive(); // until process.exit() in end()

  let ending = false;
  /**
   * @param {number} exitCode
   * @param {string} message for stderr, after all that Python has written
   */
  async function end(exitCode, message = "") {
    if (ending) return;
    ending = true;
    await streams.finish();
    if (message) await writer.write(2, Buffer.from(message));
    await writer.flush();
    process.exit(exitCode & 0xff);
  }
}

/**
 * @param {string} hostPath
 * @param {string} path
 * @param {number} result 0, or a negative errno
 */
function mustMount(hostPath, path, result) {
  if (result === 0) return;
  const cures = "--mount=FOLDER:PATH and --no-host-files help.";
  throw new HeddleError(`heddle: ${mountRefusal(hostPath, path, result)} ${cures}`);
}

/**
 * Python's environment: ours, and where to start.
 * @param {CommandLine} line
 * @returns {Record<string, string | undefined>}
 */
function environment(line) {
  /** @type {Record<string, string | undefined>} without the glue's own defaults */
  const none = {
    USER: undefined,
    LOGNAME: undefined,
    PATH: undefined,
    PWD: undefined,
    HOME: undefined,
    LANG: undefined,
    _: undefined,
  };
  return { ...none, ...process.env, HEDDLE_CWD: line.hostFiles ? process.cwd() : undefined };
}
