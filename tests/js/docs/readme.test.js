// The README's programs do what it says.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { PROJECT } from "../../../wasm/toolchain/sandbox.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-readme-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(PROJECT, "README.md"), "utf8");

/** The groups of a pattern that the README must hold. */
function find(/** @type {RegExp} */ pattern) {
  const found = pattern.exec(readme);
  assert.ok(found, `the README has nothing like ${pattern}`);
  return found.slice(1);
}

/** Runs a program and gives its output. */
function output(/** @type {string[]} */ args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("the prompt in a page has as few lines as its README says", () => {
  const folder = join(PROJECT, "demos/repl");
  const said = /\bin fewer than (\d+) lines of JavaScript, comments apart/.exec(
    readFileSync(join(folder, "README.md"), "utf8"),
  );
  const code = readFileSync(join(folder, "repl.js"), "utf8").split("\n");
  const lines = code.filter((line) => !/^\s*(\/\/.*|\/\*\*.*\*\/)?$/.test(line)).length;
  assert.ok(said && lines < Number(said[1]), `${lines} lines, and the README says ${said?.[0]}`);
});

test("the first program prints what the README shows, and ends by itself", () => {
  const entry = pathToFileURL(join(PROJECT, "js/src/index.js")).href;
  const [program, expected] = find(/```js\n(.*?)```\n\n```\n(.*?)```/s);
  const source = program.replace('from "heddle"', `from "${entry}"`);
  writeFileSync(join(folder, "program.mjs"), source);
  assert.equal(output([join(folder, "program.mjs")]), expected);
});
