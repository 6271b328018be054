// While the code is compiled, before Python begins, signals and the time limit already count.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { constants } from "node:os";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { DIST, HOST, noBuild } from "./support.js";

const DEADLINE_MS = 60_000;
// Compiling takes some seconds: a host that ends sooner has not waited for it.
const AT_ONCE_MS = 2000;
const COMPILING = [`--dist=${DIST}`, "--no-cache"];
const PROGRAM = ["-c", "print('Python ran')"];

/** The host, with a pipe to its launcher, which is this process. @param {string[]} options */
function start(options) {
  const child = spawn(HOST, [...options, ...PROGRAM], { stdio: ["pipe", "pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const ended = once(child, "close").then(([code, signal]) => {
    clearTimeout(timer);
    return { code, signal, output };
  });
  return { child, ended };
}

/**
 * Waits until it compiles: it then has threads for that beside its own.
 * @param {number} pid
 * @param {number} own
 */
async function compiles(pid, own) {
  const threads = () => (existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`).length : 0);
  const limit = performance.now() + DEADLINE_MS;
  while (threads() <= own) {
    assert.ok(performance.now() < limit, "it never began to compile");
    await sleep(5);
  }
}

/** What comes of it, which must be soon. @template T @param {Promise<T>} ended */
async function atOnce(ended) {
  const began = performance.now();
  const result = await ended;
  const ms = performance.now() - began;
  assert.ok(ms < AT_ONCE_MS, `it took ${ms} ms`);
  return result;
}

describe("while the code is compiled", { skip: noBuild }, () => {
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    const signum = constants.signals[name];
    test(`${name} ends the host`, async () => {
      const { child, ended } = start(COMPILING);
      await compiles(Number(child.pid), 2);
      child.kill(name);
      assert.deepEqual(await atOnce(ended), { code: 128 + signum, signal: null, output: "" });
    });
    test(`${name} from the launcher ends the host`, async () => {
      const { child, ended } = start(["--launcher-fd=3", ...COMPILING]);
      await compiles(Number(child.pid), 3);
      /** @type {import("node:stream").Writable} */ (child.stdio[3]).write(Buffer.from([0x53, signum]));
      assert.deepEqual(await atOnce(ended), { code: 128 + signum, signal: null, output: "" });
    });
  }
  test("the end of the launcher ends the host", async () => {
    const { child, ended } = start(["--launcher-fd=3", ...COMPILING]);
    await compiles(Number(child.pid), 3);
    /** @type {import("node:stream").Writable} */ (child.stdio[3]).end();
    assert.deepEqual(await atOnce(ended), { code: 129, signal: null, output: "" });
  });
  test("--timeout counts", async () => {
    const { code, output } = await atOnce(start([...COMPILING, "--timeout=0.3"]).ended);
    assert.deepEqual([code, output], [124, "heddle: the time limit of 0.3 s is over\n"]);
  });
});
