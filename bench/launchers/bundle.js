// The files that a benchmark takes along into an interpreter with files of its own.
// SPDX-License-Identifier: MIT
// @ts-check

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tests/python/interpreters.js";

/**
 * Reads a launcher's command line, [FILE or FOLDER ...] -- PROGRAM [ARG...], and the files.
 * @param {string[]} argv
 * @returns {import("./run-program.js").Bundle}
 */
export function bundle(argv) {
  const end = argv.indexOf("--");
  const [main, ...args] = argv.slice(end + 1);
  const paths = [...argv.slice(0, end), main].flatMap(filesBelow);
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(projectRoot, path))]));
  return { main, args, files };
}

/** @param {string} path @returns {string[]} */
export function filesBelow(path) {
  const full = join(projectRoot, path);
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).flatMap((name) => filesBelow(join(path, name)));
}
