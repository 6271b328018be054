// Forged calls of the glue's imports end their Python at most, and leave the embedder's process as it was.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Needs the build for tests (python_for_tests): `npm run fuzz` makes it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(FOLDER, "../../build/wasm-release/dist-for-tests");
const ENDS = ["ended", "PythonError", "PythonExitError", "UnresponsiveError"];

const program = readFileSync(join(FOLDER, "forged.py"), "utf8");
for (const [, name] of program.matchAll(/case "(.*)":/g)) {
  test(name, async () => {
    const { stdout } = await run(process.execPath, [join(FOLDER, "forged-embedder.js"), name], {
      env: { ...process.env, HEDDLE_DIST: DIST },
      timeout: 60_000,
    });
    const { end, exitCode, later, uncaught, polluted } = JSON.parse(stdout);
    assert.ok(ENDS.includes(end), end);
    assert.deepEqual(
      { exitCode, later, uncaught, polluted },
      {
        exitCode: undefined,
        later: undefined,
        uncaught: [],
        polluted: false,
      },
    );
  });
}
