// host-layout.js, which the build makes of wasm/host/host.h.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as layout from "../../../js/src/module/host-layout.js";
import { PROJECT } from "../../../wasm/toolchain/sandbox.js";

const FILE = "js/src/module/host-layout.js";
const PROGRAM = join(PROJECT, "build/wasm-release/wasm/heddle_host_layout.cjs");

const git = (/** @type {string[]} */ ...args) => spawnSync("git", args, { cwd: PROJECT, encoding: "utf8" });

test("host-layout.js is what the build makes", { skip: !existsSync(PROGRAM) && "not built" }, () => {
  const made = execFileSync(process.execPath, [PROGRAM], { encoding: "utf8" });
  assert.equal(readFileSync(join(PROJECT, FILE), "utf8"), made);
});

const isClone = git("ls-files", "--error-unmatch", FILE).status === 0;

test("host-layout.js is committed as the build wrote it", { skip: !isClone && "no clone" }, () => {
  const changes = git("diff", "--", FILE).stdout;
  assert.equal(changes, "", `The build wrote ${FILE} anew: 'git add' it with the change to host.h.`);
});

test("nobody changes a number", () => {
  for (const [name, value] of Object.entries(layout)) {
    assert.ok(typeof value !== "object" || Object.isFrozen(value), name);
  }
});
