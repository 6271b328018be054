// Renaming a folder and putting a link in its place wins nothing: on both hosts, and with two programs on one folder.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/fuzz/race.js [--host=node|wasmtime] [--seconds=N] [--processes=N]

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Sentinels } from "./sentinels.js";

const HEDDLE = fileURLToPath(new URL("../../js/bin/heddle.js", import.meta.url));
const PROGRAM = fileURLToPath(new URL("race.py", import.meta.url));

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "node" },
    seconds: { type: "string", default: "600" },
    processes: { type: "string", default: "2" },
  },
});

const root = realpathSync(mkdtempSync(join(tmpdir(), "heddle-race-")));
const mount = join(root, "mount");
mkdirSync(join(mount, "sub"), { recursive: true });
mkdirSync(join(root, "outside"));
writeFileSync(join(mount, "sub/secret"), "inside the mount");
writeFileSync(join(root, "outside/secret"), "outside of it");
writeFileSync(join(root, "outside/only-outside"), "outside of it");
symlinkSync(join(root, "outside"), join(mount, "out"));
const sentinels = new Sentinels(join(root, "outside"));

const lines = await Promise.all(Array.from({ length: Number(values.processes) }, runOne));
for (const line of lines) {
  console.log(`# ${values.host}: ${line}`);
  assert.match(line, /\boutside 0\b/);
  assert.match(line, /\binside [1-9]/, "nothing was read at all");
  assert.match(line, /\bswaps [1-9]/, "nothing was swapped");
}
sentinels.check("outside the mount something was touched");
rmSync(root, { recursive: true });

/** @returns {Promise<string>} what the program printed */
async function runOne() {
  const child = spawn(process.execPath, [HEDDLE, `--host=${values.host}`, PROGRAM, mount, values.seconds], {
    cwd: mount,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  const late = setTimeout(() => child.kill("SIGKILL"), Number(values.seconds) * 1000 + 60_000);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(late);
  assert.equal(code, 0, `the program ended with code ${code}: ${text}`);
  return text.trim();
}
