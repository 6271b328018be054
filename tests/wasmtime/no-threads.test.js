// A thread that the system refuses: the host ends with a line that says so, or Python is told.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { before, describe, test } from "node:test";

import { temporaryFolder } from "../js/support.js";
import { DIST, host, HOST, noBuild } from "./support.js";

// A user of nobody's: limits count all processes of one.
const USER = 1_234_567_890;

/** @param {string[]} command @param {number} [most] threads at once */
const asUser = (command, most = 1000) =>
  spawnSync(
    "setpriv",
    [`--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "prlimit", `--nproc=${most}`, ...command],
    { encoding: "utf8", timeout: 60_000, input: "line\n", stdio: ["pipe", "pipe", "pipe", "pipe"] },
  );

function whyNot() {
  if (noBuild) return noBuild;
  if (asUser([HOST, "--help"]).status !== 0)
    return `a user with few threads cannot be had, or may not run ${HOST} (setpriv, prlimit, root)`;
  return asUser(["test", "-r", `${DIST}/python.wasm`]).status === 0
    ? false
    : `other users may not read ${DIST}`;
}

// Output, input and a thread: everything that the host makes threads for.
const PROGRAM = `
import threading
print(input(), flush=True)
try:
    thread = threading.Thread(target=print, args=("thread",))
    thread.start(); thread.join()
except RuntimeError as error:
    print(error)
`;

describe("with few native threads", { skip: whyNot() }, () => {
  const cache = temporaryFolder();
  const options = [`--dist=${DIST}`, `--cache=${cache}`, "--launcher-fd=3", "--timeout=50"];
  before(() => {
    // Compiling makes threads of its own.
    assert.equal(host([`--dist=${DIST}`, `--cache=${cache}`, "--compile"]).code, 0);
    chmodSync(cache, 0o755);
  });

  test("each one that is refused is told", () => {
    /** @type {Set<string>} */
    const told = new Set();
    for (let most = 1; most < 20; most++) {
      const { status, signal, stdout, stderr } = asUser([HOST, ...options, "-c", PROGRAM], most);
      assert.equal(signal, null, stderr);
      if (status === 0) {
        assert.equal(stderr, "");
        told.add(stdout);
        if (stdout === "line\nthread\n") break;
        continue;
      }
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^heddle: .*\n$/);
      told.add(stderr.replace(/^heddle: cannot start the native thread that ([a-z -]+): .*\n$/, "$1"));
    }
    assert.deepEqual(
      [...told],
      [
        "measures --timeout",
        "runs the page",
        "listens to the launcher",
        "heddle: cannot start Python's main thread\n",
        "writes output",
        "reads input",
        "line\ncan't start new thread\n",
        "line\nthread\n",
      ],
    );
  });
});
