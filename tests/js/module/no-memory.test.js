// A load that finds no memory: an error of its own, and no worker left.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { once } from "node:events";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { loadPython } from "../../../js/src/index.js";
import { DIST, noBuild, temporaryFolder } from "../support.js";

// The space that snapshots of the threads are written into: no other request of a load is as large, but for
// the library's archive, which comes before.
const REFUSED_BYTES = 64 * 1024;

/** A distribution whose malloc() refuses that space. */
function distributionWithoutMemory() {
  const folder = temporaryFolder();
  for (const name of ["python.wasm", "stdlib.zip", "stdlib-rest.zip"])
    symlinkSync(join(DIST, name), join(folder, name));
  const glue = `import create from ${JSON.stringify(pathToFileURL(join(DIST, "python.mjs")).href)};
const limited = async (settings) => {
  const glue = await create(settings);
  let { _malloc } = glue; // its first call puts another one in its place
  const get = () => (size) => (size === ${REFUSED_BYTES} ? 0 : _malloc(size));
  return Object.defineProperty(glue, "_malloc", { get, set: (it) => (_malloc = it) });
};
export default Object.assign(limited, { buildId: create.buildId });`;
  writeFileSync(join(folder, "python.mjs"), glue);
  return folder;
}

test(
  "where memory has no room for a load, it is a LoadError and no worker is left",
  { skip: noBuild },
  async () => {
    /** @type {Set<import("node:worker_threads").Worker>} */
    const alive = new Set();
    process.on("worker", (/** @type {import("node:worker_threads").Worker} */ worker) => {
      alive.add(worker);
      worker.on("exit", () => alive.delete(worker));
    });
    await assert.rejects(loadPython({ indexURL: distributionWithoutMemory() }), {
      name: "LoadError",
      message: /python\.wasm could not be started: .*no memory left for 65536 bytes/,
    });
    const late = AbortSignal.timeout(10_000);
    for (const worker of alive) await once(worker, "exit", { signal: late });
    assert.equal(alive.size, 0);
  },
);
