// Starts the child interpreters that a test under Heddle asks for, and carries their streams.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The other side, and the lines that go to and fro, are in child_processes.py.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MARK = "@heddle-child ";
const DEADLINE_S = 120;

// The heddle command ends at the third SIGINT within two seconds, and some tests send them without end. Those that come
// this soon after another are one with it.
const SIGINT_EVERY_MS = 1100;
const LAUNCHER = fileURLToPath(new URL("heddle-with-tests.js", import.meta.url));
const HEDDLE = fileURLToPath(new URL("../../js/bin/heddle.js", import.meta.url));

// Which error output belongs to which standard output only the system can keep in order.
const MERGED = ["/bin/sh", "-c", 'exec "$@" 2>&1', "sh"];

/** @typedef {import("node:child_process").ChildProcessWithoutNullStreams} Process */

/**
 * What waitpid() says of a process that ended so. Heddle exits with 128 + n where a signal n would
 * have ended python; that counts as the signal.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function waitStatus(code, signal) {
  if (signal) return constants.signals[signal];
  const exitCode = code ?? 0;
  return exitCode > 128 && exitCode <= 128 + 64 ? exitCode - 128 : exitCode << 8;
}

/** Where an installed python has CPython's `test` package; under Heddle it lies in an archive. */
const TEST_PACKAGE = "/usr/local/lib/python3.13/test";

/**
 * The folder of the machine that a child starts in.
 * @param {string} cwd of the test @param {string} libFolder @param {string} otherwise where there is no such folder
 */
function startFolder(cwd, libFolder, otherwise) {
  const folder = cwd.replace(TEST_PACKAGE, join(libFolder, "test"));
  return existsSync(folder) ? folder : otherwise;
}

/**
 * Serves a test process until it ends; its children end with it.
 * @param {Process} parent its standard input and output are pipes, output set to utf8
 * @param {{libFolder: string, sharedFolder: string, host: "node" | "wasmtime"}} setting CPython's Lib; what
 *   parent and children all see; where the children run
 */
export function serveChildren(parent, { libFolder, sharedFolder, host }) {
  /** The heddle command with CPython's tests. @param {string} folder that the child starts in */
  function command(folder) {
    if (host === "node") return [LAUNCHER, libFolder, sharedFolder];
    // A folder is mounted once: at its own path for a child that starts in it, else as an installed python has it.
    const startsInLib = `${folder}/`.startsWith(`${libFolder}/`);
    const tests = startsInLib ? libFolder : `${join(libFolder, "test")}:${TEST_PACKAGE}`;
    return [HEDDLE, "--host=wasmtime", `--mount=${sharedFolder}`, `--mount=${tests}`];
  }
  /** @type {Map<number, Process>} */
  const children = new Map();

  /** @type {WeakMap<Process, number>} when a child got its last SIGINT */
  const interrupted = new WeakMap();

  /** @param {Process} child @param {number} signal */
  function send(child, signal) {
    if (signal === constants.signals.SIGINT) {
      const now = performance.now();
      if (now - (interrupted.get(child) ?? -Infinity) < SIGINT_EVERY_MS) return;
      interrupted.set(child, now);
    }
    child.kill(signal);
  }

  /** @param {object} message */
  const answer = (message) => parent.stdin.write(`${JSON.stringify(message)}\n`);

  /** @param {{start: number, args: string[], env: Record<string, string>, cwd: string, merge: boolean}} request */
  function start({ start: pid, args, env, cwd, merge }) {
    const folder = startFolder(cwd, libFolder, sharedFolder);
    const [program, ...first] = [...(merge ? MERGED : []), process.execPath, ...command(folder), ...args];
    const child = spawn(program, first, {
      cwd: folder,
      env: { ...env, HEDDLE_DIST: process.env.HEDDLE_DIST },
      stdio: "pipe",
    });
    children.set(pid, child);
    const output = (/** @type {1 | 2} */ stream) => (/** @type {Buffer} */ data) =>
      answer({ pid, stream, data: data.toString("base64") });
    child.stdout.on("data", output(1));
    child.stderr.on("data", output(2));
    child.stdin.on("error", () => {}); // it may end before it has read everything
    const deadline = setTimeout(() => {
      const text = `child-processes.js: killed after ${DEADLINE_S} s: ${JSON.stringify(args)}\n`;
      output(merge ? 1 : 2)(Buffer.from(text));
      child.kill("SIGKILL");
    }, DEADLINE_S * 1000);
    child.on("close", (code, signal) => {
      clearTimeout(deadline);
      children.delete(pid);
      answer({ pid, status: waitStatus(code, signal) });
    });
  }

  /** @param {any} request */
  function serve(request) {
    if (request.start) return start(request);
    const child = children.get(request.stdin ?? request.kill);
    if (!child) return; // it has ended meanwhile
    if (request.kill) send(child, request.signal);
    else if (request.data === null) child.stdin.end();
    else child.stdin.write(Buffer.from(request.data, "base64"));
  }

  let unread = "";
  parent.stdin.on("error", () => {}); // the test ended while a child ran
  parent.stdout.on("data", (/** @type {string} */ text) => {
    const lines = (unread + text).split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith(MARK)) serve(JSON.parse(line.slice(MARK.length)));
  });
  const endAll = () => {
    for (const child of children.values()) child.kill("SIGKILL");
  };
  process.once("exit", endAll);
  parent.on("close", () => {
    process.off("exit", endAll);
    endAll();
  });
}
