// An interpreter that runs each program in a process of its own.
// SPDX-License-Identifier: MIT
// @ts-check

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { treeMemory } from "../tests/browser/process-memory.js";
import { run, tail } from "../tests/python/interpreters.js";
import { READ_MEMORY_AFTER_MS, RUN_DEADLINE_S } from "./subject.js";

/** @implements {Subject} @typedef {import("./subject.js").Subject} Subject */
export class ProcessSubject {
  #command;
  #takesFiles;
  #onFiles;

  /**
   * @param {string} name
   * @param {string} title
   * @param {string[]} command
   * @param {{takesFiles?: boolean, onFiles?: string[]}} [options] takesFiles: it is a launcher, which wants to know
   *   the files that the program needs; onFiles: then, the command for programs that work on files of the machine
   */
  constructor(name, title, command, { takesFiles = false, onFiles } = {}) {
    this.name = name;
    this.title = title;
    this.#command = command;
    this.#takesFiles = takesFiles;
    this.#onFiles = takesFiles ? onFiles : command;
  }

  /** @type {Subject["run"]} */
  async run(row) {
    /** @type {Promise<number>[]} */
    const memory = [];
    const program = [`bench/programs/${row.program}.py`, ...row.args];
    const command = row.onFiles ? this.#onFiles : this.#command;
    if (command === undefined)
      return { stdout: '{"samples": []}', firstOutputSeconds: undefined, memory: [] };
    const outcome = await withEmptyCache(row.cold, () =>
      run(
        { name: this.name, command },
        this.#takesFiles && !row.onFiles ? [...row.needs, "--", ...program] : program,
        {
          deadlineS: RUN_DEADLINE_S,
          converse(child) {
            child.stdin.end();
            child.stdout.on("data", (text) => {
              if (!text.includes("@memory")) return;
              memory.push(sleep(READ_MEMORY_AFTER_MS).then(() => treeMemory(Number(child.pid))));
            });
          },
        },
      ),
    );
    const { stdout, stderr, code, timedOut, firstOutputSeconds } = outcome;
    if (timedOut || code) {
      const end = timedOut ? `no end within ${RUN_DEADLINE_S} s` : `exit code ${code}`;
      throw new Error(`${end}\n${tail(stderr + stdout, 12)}`);
    }
    return { stdout, firstOutputSeconds, memory: await Promise.all(memory) };
  }

  async close() {}
}

/**
 * Runs `use`, if `empty` with a cache folder that holds nothing.
 * @template T
 * @param {boolean} empty
 * @param {() => Promise<T>} use
 */
async function withEmptyCache(empty, use) {
  if (!empty) return use();
  const former = process.env.XDG_CACHE_HOME;
  const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
  process.env.XDG_CACHE_HOME = folder;
  try {
    return await use();
  } finally {
    if (former === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = former;
    rmSync(folder, { recursive: true, force: true });
  }
}
