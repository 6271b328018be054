// House rules that a program can check: rooms, headers of files, lengths of files and lines, no scripts of packages.
// Part of `npm run check`.
// SPDX-License-Identifier: MIT

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../wasm/toolchain/sandbox.js";
import { complaintsAboutRooms } from "./rooms.js";

const MAX_LINES = 400;
const MAX_COLUMNS = 120;

const SOURCE = /\.(cpp|h|c|js|mjs|py|sh|css|cmake)$|(^|\/)CMakeLists\.txt$/;
const PROSE = /\.md$/;
/** Data, not code. */
const DATA = /(^|\/)package-lock\.json$|\.json$|\/config\.site$/;
/** Programs that people read as they are: demos, examples, tests' inputs. */
const PROGRAMS = /^(demos|examples|bench\/programs|tests\/python\/programs)\//;

/**
 * What is wrong with a file, one line each.
 * @param {string} path of the project
 * @param {string} text
 * @param {(path: string) => boolean} exists whether the project has this file
 * @returns {string[]}
 * @example
 * complaints("js/src/x.js", "// x.\n// SPDX-License-Identifier: MIT\n", () => true); // []
 */
export function complaints(path, text, exists) {
  const lines = text.split("\n");
  const found = complaintsAboutRooms(path, text, exists);
  if (SOURCE.test(path)) {
    if (
      !PROGRAMS.test(path) &&
      !lines.slice(1, 3).some((line) => line.includes("SPDX-License-Identifier: MIT"))
    )
      found.push(`${path}: neither line 2 nor line 3 is the license's (SPDX-License-Identifier: MIT)`);
    if (lines.length - 1 > MAX_LINES && !DATA.test(path))
      found.push(`${path} has ${lines.length - 1} lines, more than ${MAX_LINES}: give its ideas a file each`);
  }
  return [...found, ...foreignScripts(path, lines), ...longLines(path, lines)];
}

/**
 * Installations of npm packages that would run scripts of theirs.
 * @param {string} path
 * @param {string[]} lines
 */
function foreignScripts(path, lines) {
  return lines.flatMap((line, index) =>
    /"npm", \["(ci|install)"/.test(line) && !line.includes("--ignore-scripts")
      ? [`${path}:${index + 1} lets packages run scripts while they are installed: add --ignore-scripts`]
      : [],
  );
}

/**
 * Lines of comments and prose that are too long. Tables, code and addresses in prose may be.
 * @param {string} path
 * @param {string[]} lines
 */
function longLines(path, lines) {
  const isProse = PROSE.test(path);
  if (!isProse && !SOURCE.test(path)) return [];
  const found = [];
  let inCode = false;
  for (const [index, line] of lines.entries()) {
    if (isProse && /^\s*(```|~~~)/.test(line)) inCode = !inCode;
    if ([...line].length <= MAX_COLUMNS || inCode || /https?:\/\/\S{60}/.test(line)) continue;
    const counts = isProse ? !/^\s*\|/.test(line) : /^\s*(\/\/|\/?\*|#(?!include|define|if))/.test(line);
    if (counts) found.push(`${path}:${index + 1} has ${[...line].length} columns, more than ${MAX_COLUMNS}`);
  }
  return found;
}

/** Checks all files that git knows or would add. Gives 0, or 1 after it has said what is wrong. */
export function checkHouse() {
  const options = { cwd: PROJECT, encoding: /** @type {const} */ ("utf8") };
  const exists = (/** @type {string} */ path) => existsSync(join(PROJECT, path));
  const paths = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], options)
    .split("\n")
    .filter(Boolean);
  const found = paths
    .filter((path) => (SOURCE.test(path) || PROSE.test(path)) && exists(path))
    .flatMap((path) => complaints(path, readFileSync(join(PROJECT, path), "utf8"), exists));
  for (const complaint of found) console.error(complaint);
  return found.length === 0 ? 0 : 1;
}
