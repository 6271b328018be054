// `heddle verify`: the build that is installed, and whether its files are as they were made.
// SPDX-License-Identifier: MIT
// @ts-check

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { HeddleError } from "../errors.js";
import { distributionFolder } from "../host/host-node.js";
import { UsageError } from "./arguments.js";

/**
 * Prints a line for each file of the build: ok or what is wrong, its sha256, its name.
 * @param {string[]} argv after the word verify
 * @returns {boolean} whether all are as manifest.json lists them
 * @example
 * if (!verify([])) process.exitCode = 1;
 */
export function verify(argv) {
  if (argv.length > 0) throw new UsageError(`heddle verify takes no arguments, but got ${argv.join(" ")}`);
  const folder = distributionFolder();
  const { build, files } = readManifest(join(folder, "manifest.json"));
  console.log(`build ${build} in ${folder}`);
  let good = true;
  for (const [name, { size, sha256 }] of Object.entries(files)) {
    const seen = checksum(join(folder, name));
    good &&= seen === sha256;
    if (seen === sha256) console.log(`ok       ${sha256}  ${name}`);
    else if (seen === undefined) console.log(`missing  ${sha256}  ${name} (${size} bytes)`);
    else console.log(`differs  ${seen}  ${name}: expected ${sha256}, ${size} bytes`);
  }
  return good;
}

/**
 * @param {string} path
 * @returns {{ build: string, files: Record<string, { size: number, sha256: string }> }}
 */
function readManifest(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new HeddleError(`heddle: cannot read ${path}: ${reason}. Install the package again.`, { cause });
  }
}

/** @param {string} path */
function checksum(path) {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return undefined;
  }
}
