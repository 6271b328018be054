// Hostile programs on both hosts: nothing outside their mounts is reached, and no host comes to harm.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/fuzz/run.js [--host=node|wasmtime] [--calls=N] [--seed=N] [--no-pokes]
//
// Needs the build for tests (python_for_tests): `npm run fuzz` makes it. The sentinels are a folder beside the mount:
// names, contents, inodes and all times must be afterwards what they were before.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Sentinels } from "./sentinels.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = join(PROJECT, "build/wasm-release/dist-for-tests");
const HOST = join(PROJECT, "build/wasmtime/dist/heddle-wasmtime");
// A program that has damaged its own memory may hold its host's thread up for ever.
const SILENCE_MS = 120_000;

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "node" },
    calls: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    "no-pokes": { type: "boolean", default: false },
  },
});
const { host } = values;
const wanted = Number(values.calls);
const pokes = values["no-pokes"] ? 0 : 1;
let seed = Number(values.seed);

const root = realpathSync(mkdtempSync(join(tmpdir(), "heddle-fuzz-")));
const inside = join(root, "inside");
const outside = join(root, "outside");
makeFolders();
await checkListOfImports();

const sentinels = new Sentinels(outside);
let made = 0;
/** @type {Record<string, number>} */
const ends = {};
console.log(`# ${host}, ${wanted} calls, seed ${seed}, in ${root}`);
const started = Date.now();
let told = 0;
// Programs in a row that ended before their first call. One that never starts is a fault of this test's.
let idle = 0;
while (made < wanted) {
  const before = made;
  const end = await runOne(wanted - made);
  idle = made === before ? idle + 1 : 0;
  assert.ok(idle < 20, `the program makes no calls; it ends with ${end}`);
  ends[end] = (ends[end] ?? 0) + 1;
  sentinels.check(`outside the mount something was touched; seed ${seed}`);
  assert.deepEqual(readdirSync(root).sort(), ["inside", "outside", "own"]);
  if (made - told >= 100_000) {
    told = made;
    console.log(`# ${made} calls in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  seed += 1000;
}
console.log(`# ${made} calls, ends: ${JSON.stringify(ends)}`);
console.log("outside the mount all is as it was");
execFileSync("chmod", ["-R", "u+rwx", root]);
rmSync(root, { recursive: true });

function makeFolders() {
  for (const folder of ["inside/sub", "inside/deep/er", "outside/folder"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["inside/a.txt", "inside/sub/inner.txt", "outside/folder/file"])
    writeFileSync(join(root, file), `this is ${file}`);
  writeFileSync(join(root, "own"), "what the embedder has open");
  writeFileSync(join(outside, "secret"), "the embedder's secret ".repeat(20));
  for (const [name, target] of [
    ["link-to-outside", "../outside"],
    ["link-to-secret", join(outside, "secret")],
    ["link-to-sub", "sub"],
    ["link-to-nothing", "../outside/made-through-a-link"],
  ])
    symlinkSync(target, join(inside, name));
  execFileSync("mkfifo", [join(inside, "pipe")]);
}

/** @param {number} count */
function command(count) {
  const name = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
  if (host === "node") {
    return [process.execPath, name("embedder.js"), inside, outside, seed, Math.min(count, 250_000), pokes];
  }
  const calls = Math.min(count, 50_000);
  const poke = pokes && seed % 3 === 0 ? 1 : 0;
  const options = [`--dist=${DIST}`, `--mount=${inside}`, "--timeout=60"];
  return [HOST, ...options, "-c", readFileSync(name("hostile.py"), "utf8"), seed, calls, 4, poke, outside];
}

/**
 * @param {number} count
 * @returns {Promise<string>} how it ended
 */
async function runOne(count) {
  const [file, ...args] = command(count).map(String);
  const child = spawn(file, args, {
    cwd: inside,
    env: { ...process.env, HEDDLE_DIST: DIST },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr = (stderr + chunk).slice(-4000)));
  let silent = false;
  const kill = () => {
    silent = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(kill, SILENCE_MS);
  const gone = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  for await (const line of createInterface(child.stdout)) {
    clearTimeout(timer);
    timer = setTimeout(kill, SILENCE_MS);
    const number = /^calls (\d+)$/.exec(line)?.[1];
    if (number) made += Number(number);
    else if (line.startsWith("ends ")) console.log(`# ${line}`);
  }
  const { code, signal } = await gone;
  clearTimeout(timer);
  if (silent) return "held up";
  // A trap, an exit code of the program's own choice and the time limit are orderly ends of wasmtime's host; the
  // embedder has one only.
  const orderly = signal === null && (host === "wasmtime" || code === 0);
  assert.ok(orderly, `the host ended with ${signal ?? `code ${code}`}; seed ${seed}\n${stderr}`);
  return `code ${code}`;
}

/** The door must know each import of python.wasm. */
async function checkListOfImports() {
  const module = await WebAssembly.compile(readFileSync(join(DIST, "python.wasm")));
  const functions = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function");
  const door = readFileSync(new URL("door.cpp", import.meta.url), "utf8");
  const known = [...door.matchAll(/HEDDLE_IMPORT\((\w+)\)|^ {4}\{"(\w+)",/gm)].map(([, a, b]) => a ?? b);
  const missing = functions.map(({ name }) => name).filter((name) => !known.includes(name));
  assert.deepEqual(missing, [], "imports that tests/fuzz/door.cpp does not call");
}
