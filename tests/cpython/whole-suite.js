// All of CPython's test modules: which there are, and the results that a run that was cut short goes on from.
// SPDX-License-Identifier: MIT
// @ts-check

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../python/interpreters.js";
import { GOOD } from "./expectations.js";

/** @typedef {import("./runners.js").ModuleRun} ModuleRun */

/** Packages whose modules CPython's own runner takes one by one; each of the others is one module. */
const SPLIT = new Set(
  [
    "asyncio concurrent_futures doctest future_stmt gdb inspect pydoc",
    "multiprocessing_fork multiprocessing_forkserver multiprocessing_spawn",
  ].flatMap((line) => line.split(" ").map((name) => `test_${name}`)),
);

/** The test modules in a folder, without its own name. @param {string} folder */
function modulesIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith("test_") && (name.endsWith(".py") || !name.includes(".")))
    .map((name) => name.replace(/\.py$/, ""))
    .sort();
}

/** The names of all test modules, as CPython's own runner takes them. @param {string} libFolder */
export function allModules(libFolder) {
  const folder = join(libFolder, "test");
  return modulesIn(folder).flatMap((name) =>
    SPLIT.has(name) ? modulesIn(join(folder, name)).map((part) => `test.${name}.${part}`) : [`test.${name}`],
  );
}

/** How many modules pass, are skipped whole, or have a test that does not pass. @param {ModuleRun[]} runs */
export function modulesThatPass(runs) {
  const failing = runs.filter(
    ({ results, trouble }) =>
      trouble || results.some(({ outcome }) => !GOOD.has(outcome) && outcome !== "skip"),
  );
  const skipped = runs.filter(
    (run) => !failing.includes(run) && run.results.every(({ outcome }) => outcome === "skip"),
  );
  const passing = runs.length - failing.length - skipped.length;
  return (
    `of ${runs.length} modules ${passing} pass, ${skipped.length} are skipped whole, ` +
    `${failing.length} have a test that does not pass`
  );
}

/** What a result holds for: the interpreter's own bytes. @param {string} host */
function interpreterKey(host) {
  if (host === "native") return "native";
  const hash = createHash("sha256");
  const dist = process.env.HEDDLE_DIST ?? join(projectRoot, "dist");
  for (const name of ["python.wasm", "python.mjs", "stdlib.zip", "stdlib-rest.zip", "stdlib-sources.zip"])
    hash.update(readFileSync(join(dist, name)));
  return hash.digest("hex").slice(0, 16);
}

/** The results of former runs with the same interpreter, in build/cpython-tests/HOST. */
export class SavedRuns {
  /** @param {string} host */
  constructor(host) {
    this.folder = join(projectRoot, "build/cpython-tests", host);
    this.key = interpreterKey(host);
    mkdirSync(this.folder, { recursive: true });
  }

  /** @param {string} module @param {object} options it would run with @returns {ModuleRun | undefined} */
  read(module, options) {
    const file = join(this.folder, `${module}.json`);
    if (!existsSync(file)) return undefined;
    const { key, options: usedOptions, ...run } = JSON.parse(readFileSync(file, "utf8"));
    const same = key === this.key && JSON.stringify(usedOptions) === JSON.stringify(options);
    return same && !run.trouble ? run : undefined;
  }

  /** @param {ModuleRun} run @param {object} options */
  write(run, options) {
    const file = join(this.folder, `${run.module}.json`);
    writeFileSync(`${file}.new`, JSON.stringify({ key: this.key, options, ...run }));
    renameSync(`${file}.new`, file);
  }
}
