// What the tests of the packed package share: projects in which it is installed, and commands in them.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../wasm/toolchain/sandbox.js";

const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));

/** What `npm pack --pack-destination build/package` has made. */
export const TARBALL = join(PROJECT, "build/package", `heddle-${version}.tgz`);

// Generous: a cold cache of npm's, and other work may have the processors.
const DEADLINE_MS = 120_000;

/**
 * Runs a command that must succeed, and gives its standard output.
 * @param {string} folder
 * @param {string} command
 * @param {string[]} args
 */
export function succeed(folder, command, args) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: DEADLINE_MS,
  });
  const line = `${command} ${args.join(" ")} in ${folder}`;
  assert.ok(
    !error && status === 0,
    `${line}: ${error ?? signal ?? `exit code ${status}`}\n${stdout}${stderr}`,
  );
  return stdout;
}

/**
 * Installs the packed package, and nothing else: it depends on nothing.
 * @param {string} folder with a package.json
 */
export function installPackage(folder) {
  assert.ok(existsSync(TARBALL), `there is no ${TARBALL}: run \`node scripts/test.js package\``);
  succeed(folder, "npm", [
    "install",
    "--offline",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    TARBALL,
  ]);
}

/**
 * A copy of an example, below build/, with everything it needs. What it installs from the registry stays
 * there until its lock file changes.
 * @param {string} name
 * @returns {string} the copy's folder
 */
export function installExample(name) {
  const source = join(PROJECT, "examples", name);
  const folder = join(PROJECT, "build/examples", name);
  const lock = (/** @type {string} */ where) => {
    const file = join(where, "package-lock.json");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  if (lock(folder) !== lock(source)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const installed = existsSync(join(folder, "node_modules/.package-lock.json"));
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !/(^|\/)(node_modules|dist)$/.test(path.slice(source.length)),
  });
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  if (!installed && lock(source))
    succeed(folder, "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
  installPackage(folder);
  return folder;
}
