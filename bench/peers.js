// Fetches what is compared with or measured but not ours, at pinned versions, into build/peers.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../tests/python/interpreters.js";

const PINS = join(import.meta.dirname, "peers");
const FOLDER = join(projectRoot, "build/peers");

/** Where pyperformance's programs are, from the project's folder. */
export const PYPERFORMANCE = "build/peers/pyperformance/pyperformance/data-files/benchmarks";

/** The version of pyodide that is compared with. */
export const PYODIDE_VERSION = JSON.parse(readFileSync(join(PINS, "package.json"), "utf8")).dependencies
  .pyodide;

/** Puts pyodide into build/peers/node_modules. Throws when npm cannot. */
export function installPyodide() {
  install(FOLDER, "package-lock.json", () => {
    cpSync(join(PINS, "package.json"), join(FOLDER, "package.json"));
    cpSync(join(PINS, "package-lock.json"), join(FOLDER, "package-lock.json"));
    command("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], FOLDER);
  });
}

/** Unpacks pyperformance, whose programs run from there unmodified. Throws when pip cannot fetch it. */
export function installPyperformance() {
  const folder = join(FOLDER, "pyperformance");
  install(folder, "requirements.txt", () => {
    const pins = join(PINS, "requirements.txt");
    command(
      "python3",
      ["-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", pins, "-d", "."],
      folder,
    );
    const wheel = readdirSync(folder).find((name) => name.endsWith(".whl")) ?? "";
    command("python3", ["-m", "zipfile", "-e", wheel, "."], folder);
    cpSync(pins, join(folder, "requirements.txt"));
  });
}

/**
 * Calls `fetch` unless `folder` holds the same pins as ours.
 * @param {string} folder
 * @param {string} pins name of the file with the versions
 * @param {() => void} fetch
 */
function install(folder, pins, fetch) {
  const text = (/** @type {string} */ where) => readFileSync(join(where, pins), "utf8");
  try {
    if (text(folder) === text(PINS)) return;
  } catch {
    // not installed yet
  }
  mkdirSync(folder, { recursive: true });
  try {
    fetch();
  } catch (error) {
    rmSync(join(folder, pins), { force: true });
    throw error;
  }
}

/** @param {string} program @param {string[]} args @param {string} cwd */
function command(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  const end = error ? error.message : `exit code ${status}`;
  throw new Error(`${program} ${args.join(" ")} in ${cwd}: ${end}. It needs the package registry.`);
}
