// The subjects of each host: Heddle there, and the peers that can do the work.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { STOCK_DIST } from "../scripts/build.js";
import { bundleForPages } from "../scripts/bundle.js";
import { installBrowsers } from "../tests/browser/install.js";
import { heddle, oracle, projectRoot } from "../tests/python/interpreters.js";
import { PageSubject } from "./pages.js";
import { installPyodide, PYODIDE_VERSION } from "./peers.js";
import { ProcessSubject } from "./processes.js";

/** @typedef {import("./subject.js").Subject} Subject */

export const HOSTS = ["node", "chromium", "firefox", "wasmtime"];

/**
 * The first is Heddle. Those that are not to be had are left out, and `missing` is told why.
 * @param {string} host
 * @param {(reason: string) => void} missing
 * @returns {Promise<Subject[]>}
 */
export async function subjectsOf(host, missing) {
  /** @type {Subject[]} */
  let subjects;
  if (host === "wasmtime") subjects = underWasmtime();
  else if (host === "node") subjects = inNode(missing);
  else subjects = await inPages(/** @type {"chromium" | "firefox"} */ (host), missing);
  const native = nativePython();
  if (native) subjects.push(native);
  else missing("no native python3.13: name one with HEDDLE_NATIVE_PYTHON");
  return subjects;
}

/**
 * Heddle under Node, of this clone and of another one.
 * @param {string} other the other clone's folder; Python must have been built there
 * @returns {Subject[]}
 */
export function clones(other) {
  const launcher = join(other, "bench/launchers/node.js");
  if (!existsSync(join(other, "dist/python.wasm")) || !existsSync(launcher))
    throw new Error(`--against ${other}: that is no clone of the project in which Python has been built`);
  return [
    inProcesses(),
    new ProcessSubject("other", "the other clone's", [process.execPath, launcher, "heddle"], {
      takesFiles: true,
      onFiles: commandOf(other),
    }),
  ];
}

const TAKES_FILES = { takesFiles: true };

/** The heddle command of a clone. @param {string} clone */
const commandOf = (clone) => [process.execPath, join(clone, "js/bin/heddle.js")];

/** This clone's Heddle under Node. */
const inProcesses = () =>
  new ProcessSubject("heddle", "Heddle", launch("node.js", "heddle"), {
    takesFiles: true,
    onFiles: commandOf(projectRoot),
  });

/** The command of one of our launchers. @param {string} file @param {string[]} args */
const launch = (file, ...args) => [process.execPath, join(import.meta.dirname, "launchers", file), ...args];

/** @param {(reason: string) => void} missing @returns {Subject[]} */
function inNode(missing) {
  const subjects = [inProcesses()];
  if (havePyodide(missing)) {
    const title = `pyodide ${PYODIDE_VERSION}`;
    subjects.push(new ProcessSubject("pyodide", title, launch("node.js", "pyodide"), TAKES_FILES));
  }
  if (existsSync(join(STOCK_DIST, "python.wasm")))
    subjects.push(new ProcessSubject("stock", "stock build", launch("stock.js"), TAKES_FILES));
  else missing("no stock build: node scripts/build.js wasm-stock makes it");
  return subjects;
}

/**
 * @param {"chromium" | "firefox"} browser
 * @param {(reason: string) => void} missing
 * @returns {Promise<Subject[]>}
 */
async function inPages(browser, missing) {
  await installBrowsers();
  await bundleForPages();
  const heddle = new PageSubject("heddle", "Heddle", browser);
  if (!havePyodide(missing)) return [heddle];
  return [heddle, new PageSubject("pyodide", `pyodide ${PYODIDE_VERSION}`, browser)];
}

/** @returns {Subject[]} */
function underWasmtime() {
  const host = process.env.HEDDLE_WASMTIME ?? join(projectRoot, "build/wasmtime/dist/heddle-wasmtime");
  if (!existsSync(host))
    throw new Error(`--host wasmtime: there is no ${host}; node scripts/build.js wasmtime builds it`);
  return [new ProcessSubject("heddle", "Heddle", heddle("wasmtime").command)];
}

/** @param {(reason: string) => void} missing */
function havePyodide(missing) {
  try {
    installPyodide();
    return true;
  } catch (error) {
    missing(`no pyodide: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

/**
 * HEDDLE_NATIVE_PYTHON, pyenv's, the one on PATH, the toolchain's.
 * @returns {Subject | undefined}
 */
function nativePython() {
  const candidates = [process.env.HEDDLE_NATIVE_PYTHON ?? ""];
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  if (existsSync(versions)) {
    for (const name of readdirSync(versions)) candidates.push(join(versions, name, "bin/python3.13"));
  }
  candidates.push("python3.13");
  const found = candidates.find((it) => it && spawnSync(it, ["-c", ""], { stdio: "ignore" }).status === 0);
  try {
    const command = found ? [found] : oracle().command;
    const version = spawnSync(command[0], [...command.slice(1), "-V"], { encoding: "utf8" }).stdout.trim();
    return new ProcessSubject("native", version.replace("Python", "native"), command);
  } catch {
    return undefined;
  }
}
