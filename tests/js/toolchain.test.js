// The set-up's errors: what went wrong and what to do, in one line.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SetupError, runLogged } from "../../wasm/toolchain/progress.js";
import { PROJECT } from "../../wasm/toolchain/sandbox.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-toolchain-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const silent = /** @type {any} */ ({ say() {} });
let logs = 0;

/** The message for the user when a command prints `output` and fails. */
async function failureOf(/** @type {string} */ output) {
  const command = { file: "sh", args: ["-c", `echo "${output}" >&2; exit 3`] };
  const error = await runLogged(silent, command, join(folder, `${logs++}.log`)).catch((reason) => reason);
  assert.ok(error instanceof SetupError, String(error));
  return error.message;
}

for (const [cause, output, cure] of [
  ["a full disk", "tar: x: Cannot write: No space left on device", /disk is full\. Free some space/],
  ["no network", "Temporary failure resolving 'archive'", /cannot be reached\. Check the network/],
  [
    "a refused connection",
    "E: Could not connect: Connection refused",
    /cannot be reached\. Check the network/,
  ],
  ["a broken download", "E: Hash Sum mismatch", /arrived broken\. Run the command again/],
  ["a forbidden mount", "mount: Operation not permitted", /does not permit mounting\. Run as root/],
]) {
  test(`${cause} is told with its cure and the log`, async () => {
    const message = await failureOf(String(output));
    assert.match(message, /** @type {RegExp} */ (cure));
    assert.match(message, /\(log: .*\.log\)$/);
  });
}

test("an unknown failure shows the last lines of the command", async () => {
  const message = await failureOf("something new");
  assert.match(message, /sh failed with exit code 3/);
  assert.match(message, /something new/);
});

/** Runs the set-up with an empty cache folder. */
function setUp(/** @type {Record<string, string>} */ env, /** @type {string[]} */ node = []) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [...node, join(PROJECT, "wasm/toolchain/setup.js")],
    {
      env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), ...env },
      encoding: "utf8",
      timeout: 60_000,
    },
  );
  return { status, lines: stderr.trim().split("\n") };
}

test("another kind of machine is refused in one line before anything is downloaded", () => {
  const fake = "data:text/javascript,Object.defineProperty(process, 'arch', { value: 'arm64' })";
  const { status, lines } = setUp({}, ["--import", fake]);
  assert.equal(status, 1);
  assert.deepEqual(lines.length, 1, lines.join("\n"));
  assert.match(lines[0], /^heddle: Building Heddle needs Linux on x86-64; this is linux on arm64\. Use /);
});

test("a toolchain that the user brings is checked for the pinned versions", () => {
  const { status, lines } = setUp({ HEDDLE_TOOLCHAIN: "host", PATH: "/usr/bin:/bin", EMSDK: "" });
  assert.equal(status, 1);
  assert.match(
    lines.join("\n"),
    /^heddle: The toolchain has no emcc 3\.1\.69: .* Install it, or unset HEDDLE_TOOLCHAIN/m,
  );
});

test("a second set-up with nothing to do takes less than a second", () => {
  // Other work may have the processors; what takes long of itself does so each time.
  let fastest = Infinity;
  for (let i = 0; i < 10 && fastest >= 1000; i++) {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, [join(PROJECT, "wasm/toolchain/setup.js")]);
    assert.equal(status, 0);
    fastest = Math.min(fastest, performance.now() - started);
  }
  assert.ok(fastest < 1000, "the set-up is complete, so only its stamps are looked at");
});
