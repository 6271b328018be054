// A file is checked after it was opened: whatever its name meant before, nothing outside the folder is served.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { openServed, openWithin } from "../../../js/src/cli/served-file.js";
import { temporaryFolder } from "../support.js";
import { DEADLINE_MS, LIMITED, noProc, openFilesIn } from "./serve-support.js";

const ROUNDS = 500;

const folder = temporaryFolder();
const site = join(folder, "site");
mkdirSync(join(site, "inside"), { recursive: true });
mkdirSync(join(folder, "outside"));
writeFileSync(join(site, "inside/file.txt"), "inside");
writeFileSync(join(folder, "outside/file.txt"), "outside");
writeFileSync(join(folder, "site-beside.txt"), "outside");
symlinkSync("../outside", join(site, "link"));
execFileSync("mkfifo", [join(site, "fifo")]);

test("a name that leads out only when it is opened", LIMITED, async () => {
  for (const path of [join(site, "link/file.txt"), join(folder, "site-beside.txt"), join(site, "inside")])
    assert.equal(await openWithin(site, path), undefined, path);
  const handle = await openWithin("/", join(folder, "outside/file.txt")); // all lies in /
  await handle?.close();
  assert.ok(handle);
  if (!noProc) assert.equal(openFilesIn(folder), 0);
});

/** @type {[what: string, good: string, bad: string, names: string[]][]} */
const SWAPPED = [
  ["a folder, inside and outside", "inside", "../outside", ["swapped", "file.txt"]],
  ["a file and a FIFO", "inside/file.txt", "fifo", ["swapped"]],
];

for (const [what, good, bad, names] of SWAPPED) {
  test(`a link that changes all the time: ${what}`, { ...LIMITED, skip: noProc }, async () => {
    let isOver = false;
    const swap = async () => {
      while (!isOver) {
        symlinkSync(Math.random() < 0.5 ? good : bad, join(site, "new"));
        renameSync(join(site, "new"), join(site, "swapped"));
        await new Promise(setImmediate);
      }
    };
    const swapping = swap();
    try {
      const limit = performance.now() + DEADLINE_MS;
      for (let served = 0, refused = 0; served + refused < ROUNDS || !served || !refused;) {
        assert.ok(performance.now() < limit, `${served} times served, ${refused} times refused`);
        const file = await openServed(site, names);
        if (file) {
          served++;
          assert.equal(await file.handle.readFile("utf8").finally(() => file.handle.close()), "inside");
        } else {
          refused++;
        }
      }
    } finally {
      isOver = true;
      await swapping;
    }
    assert.equal(openFilesIn(folder), 0);
  });
}
