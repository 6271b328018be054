// An embedder that runs hostile programs, one Python after another, and must come to no harm.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node embedder.js INSIDE OUTSIDE SEED CALLS POKES
//
// Prints "calls N" as they are made, and at the end what became of its own descriptors. Exit code 0: no harm done.

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { loadPython } from "../../js/src/index.js";

const [inside, outside, ...numbers] = process.argv.slice(2);
const [seed, calls, pokes] = numbers.map(Number);
const program = readFileSync(new URL("hostile.py", import.meta.url), "utf8");

const CALLS_OF_ONE_PYTHON = 50_000;
// A program that has damaged its own memory may never end; then it is closed.
const PATIENCE_MS = 60_000;

/** Descriptors of the embedder, at a position of theirs. */
const own = Array.from({ length: 20 }, (_, i) => {
  const fd = openSync(join(outside, "../own"), "r");
  readSync(fd, Buffer.alloc(i), 0, i, null);
  return { fd, before: describe(fd) };
});
const server = createServer().listen(0, "127.0.0.1");
const fdsBefore = new Set(own.map(({ fd }) => fd));

/** @param {number} fd */
function describe(fd) {
  const { ino, size, mtimeNs } = fstatSync(fd, { bigint: true });
  const position = /pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))?.[1];
  return [ino, size, mtimeNs, position].join(" ");
}

let made = 0;
/** @type {Record<string, number>} */
const ends = {};
for (let round = 0; made < calls; round++) {
  const before = made;
  const end = await runOne(seed + round, round);
  ends[end] = (ends[end] ?? 0) + 1;
  if (made === before && round > 50 && made === 0) throw new Error("no program makes a call");
}

for (const { fd, before } of own) {
  if (describe(fd) !== before) throw new Error(`descriptor ${fd} was ${before}, and is ${describe(fd)}`);
  closeSync(fd);
}
if (!server.listening) throw new Error("the embedder's server has ended");
server.close();
console.log(`ends ${JSON.stringify(ends)} own ${fdsBefore.size}`);

/**
 * @param {number} seed
 * @param {number} round
 * @returns {Promise<string>} how it ended
 */
async function runOne(seed, round) {
  const count = Math.min(CALLS_OF_ONE_PYTHON, calls - made);
  const args = [seed, count, 4, pokes && round % 3 === 0 ? 1 : 0, outside].map(String);
  const py = await loadPython({
    hostFolders: [{ path: "/in", hostPath: inside }],
    args,
    stdout(text) {
      for (const [, number] of text.matchAll(/^calls (\d+)$/gm)) {
        made += Number(number);
        console.log(`calls ${number}`);
      }
    },
    stderr() {},
  });
  try {
    await py.run(program, { timeout: PATIENCE_MS, grace: 1000 });
    return "ended";
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    return `${name}: ${message.split("\n")[0].replace(/\d+/g, "N").slice(0, 100)}`;
  } finally {
    await py.close();
  }
}
