// Runs long commands with their output in a log and one line of progress on the screen.
// SPDX-License-Identifier: MIT

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** A failure that is told to the user in one line: what happened and what to do. */
export class SetupError extends Error {
  /** @param {string} message @param {{ log?: string, cause?: unknown }} [more] */
  constructor(message, { log, cause } = {}) {
    super(log ? `${message} (log: ${log})` : message, { cause });
    this.name = "SetupError";
  }
}

const screen = process.stderr;

/**
 * Shows the progress of one step. On a terminal one line is rewritten; elsewhere a line is added every
 * fifteen seconds, so that a log shows life without filling up.
 */
export class Step {
  /** @param {string} title */
  constructor(title) {
    this.title = title;
    this.started = Date.now();
    this.detail = "";
    this.shown = 0;
    this.timer = setInterval(() => this.#show(), screen.isTTY ? 200 : 15_000);
    if (!screen.isTTY) screen.write(`${title} ...\n`);
    else this.#show();
  }

  /** @param {string} detail what is being done right now; of a compiler's command line only the file is shown */
  say(detail) {
    const compiled = / -o (\S+)\.o\b/.exec(detail);
    this.detail = (compiled ? `compiling ${compiled[1]}` : detail).replace(/\s+/g, " ").trim().slice(0, 100);
  }

  #show() {
    const text = `${this.title}: ${this.detail} (${seconds(this.started)})`;
    if (!screen.isTTY) return void screen.write(`  ${text}\n`);
    const width = Math.max(20, (screen.columns ?? 80) - 1);
    screen.write(`\r\x1b[K${text.length > width ? `${text.slice(0, width - 3)}...` : text}`);
  }

  /** @param {string} [outcome] */
  end(outcome = "done") {
    clearInterval(this.timer);
    screen.write(`${screen.isTTY ? "\r\x1b[K" : ""}${this.title}: ${outcome} (${seconds(this.started)})\n`);
  }
}

/** @param {number} since */
const seconds = (since) => {
  const s = Math.round((Date.now() - since) / 1000);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
};

/**
 * Runs a command; every line of its output goes to the log, and to the step as its detail.
 * @param {Step} step
 * @param {{ file: string, args: string[], env?: NodeJS.ProcessEnv, cwd?: string }} command
 * @param {string} log
 * @returns {Promise<void>} rejects with a SetupError that names the cure where the cause is a known one
 */
export function runLogged(step, command, log) {
  mkdirSync(dirname(log), { recursive: true });
  const out = createWriteStream(log, { flags: "a" });
  return new Promise((done, failed) => {
    const child = spawn(command.file, command.args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: command.env ?? process.env,
      cwd: command.cwd,
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        out.write(text);
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        const last = lines.filter((line) => line.trim()).pop();
        if (last) step.say(last);
      });
    }
    child.on("error", (cause) =>
      failed(new SetupError(`Cannot run ${command.file}: ${cause.message}.`, { cause })),
    );
    child.on("close", (code) => out.end(() => (code === 0 ? done() : failed(explain(command, code, log)))));
  });
}

/** Causes that are worth a cure of their own, by what the command printed last. */
const KNOWN = [
  [
    /you must put some 'deb-src' URIs/i,
    "apt has no source packages here. Add a deb-src line for Debian to /etc/apt/sources.list, then run the command again.",
  ],
  [
    /no space left on device|ENOSPC|write error/i,
    "The disk is full. Free some space, then run the command again: it goes on where it stopped.",
  ],
  [
    /could not resolve|temporary failure|network is unreachable|connection (refused|timed out)|couldn't download|failed getting release file|cannot initiate the connection/i,
    "The Debian archive cannot be reached. Check the network (or the proxy settings in /etc/apt), then run the command again.",
  ],
  [
    /hash sum mismatch|checksum|unexpected size|invalid release signature|corrupt|unexpected end of/i,
    "A download arrived broken. Run the command again; if it stays, another mirror may help: HEDDLE_DEBIAN_MIRROR=<address>.",
  ],
  [
    /operation not permitted|permission denied/i,
    "The system does not permit mounting. Run as root (or in a container with the SYS_ADMIN capability), or bring your own tools with HEDDLE_TOOLCHAIN=host.",
  ],
];

/**
 * @param {{ file: string, args: string[] }} command
 * @param {number | null} code
 * @param {string} log
 */
function explain(command, code, log) {
  const tail = readFileSync(log, "utf8").split("\n").slice(-40).join("\n");
  for (const [pattern, cure] of KNOWN) {
    if (/** @type {RegExp} */ (pattern).test(tail)) return new SetupError(String(cure), { log });
  }
  const last = tail.trim().split("\n").slice(-5).join("\n  ");
  return new SetupError(`${command.file} failed with exit code ${code}. It printed last:\n  ${last}\n`, {
    log,
  });
}
