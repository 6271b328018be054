// A program sees the folders that its command line names, and no others.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { parseArguments } from "../../../js/src/cli/arguments.js";
import { foldersToMount } from "../../../js/src/cli/mounts.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "heddle-mounts-")));
after(() => rmSync(root, { recursive: true }));
for (const folder of ["here/inner", "scripts", "data"]) mkdirSync(join(root, folder), { recursive: true });
for (const file of ["scripts/main.py", "data/a.csv", "here/inner/b.txt"]) writeFileSync(join(root, file), "");

/** @param {...string} argv */
const mounts = (...argv) => foldersToMount(parseArguments(argv), join(root, "here"));
/** @param {...string} names */
const folders = (...names) => names.map((name) => join(root, name));

test("the current folder is mounted", () => assert.deepEqual(mounts("-c", "1"), folders("here")));
test("the script's folder is mounted", () =>
  assert.deepEqual(mounts("../scripts/main.py"), folders("here", "scripts")));
test("the folders of files among the arguments are mounted", () =>
  assert.deepEqual(mounts("-m", "x", join(root, "data/a.csv")), folders("data", "here")));
test("a folder inside a mounted one is not mounted again", () =>
  assert.deepEqual(mounts("-c", "1", "inner", "inner/b.txt"), folders("here")));
test("arguments that are no paths mount nothing", () =>
  assert.deepEqual(mounts("-c", "1", "--data=x", "nothing"), folders("here")));
test("the root is never mounted", () => assert.deepEqual(mounts("-c", "1", "/"), folders("here")));
test("--no-host-files mounts nothing", () =>
  assert.deepEqual(mounts("--no-host-files", "../scripts/main.py"), []));
