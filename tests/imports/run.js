// Imports popular pure packages, and uses each a little: natively and under Heddle, which must print the same.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/imports/run.js [--host=wasmtime] [--jobs N] [name ...]
//
// The wheels of requirements.txt are fetched once into the cache; uses.py has the programs. Some wheels hold compiled
// parts beside pure ones that take their place: those are what Heddle uses. expected.json lists packages that do not
// print the same, each with its reason.

import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { LOGS, setUpPart } from "../../wasm/toolchain/parts.js";
import { fetchWheels } from "../../wasm/toolchain/pip.js";
import { Step } from "../../wasm/toolchain/progress.js";
import { CACHE } from "../../wasm/toolchain/sandbox.js";
import { setUp } from "../../wasm/toolchain/setup.js";
import { heddle, oracle, projectRoot, run, tail } from "../python/interpreters.js";

const here = join(projectRoot, "tests/imports");
const DEADLINE_S = 120;

/** The folder that the wheels are unpacked in. */
async function packages() {
  const { toolchain } = await setUp();
  const requirements = readFileSync(join(here, "requirements.txt"), "utf8");
  const key = createHash("sha256").update(requirements).digest("hex").slice(0, 12);
  const folder = join(CACHE, `imports-${key}`);
  await setUpPart(folder, async (part) => {
    const step = new Step(`Packages that are imported (${requirements.trim().split("\n").length} wheels)`);
    try {
      const platform = "manylinux_2_28_x86_64";
      await fetchWheels(step, toolchain, part, { requirements, platform, log: join(LOGS, "imports.log") });
      step.end();
    } catch (error) {
      step.end("failed");
      throw error;
    }
  });
  return folder;
}

/** @param {string[]} argv */
function parseArguments(argv) {
  const options = {
    host: /** @type {"node" | "wasmtime"} */ ("node"),
    jobs: 2,
    names: /** @type {string[]} */ ([]),
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i];
    if (arg === "--host=wasmtime" || arg === "--host=node")
      options.host = arg === "--host=node" ? "node" : "wasmtime";
    else if (arg === "--jobs") options.jobs = Math.max(1, Number(argv[++i]) || 1);
    else if (arg.startsWith("-")) throw new Error(`unknown option ${arg}; the head of run.js lists them`);
    else options.names.push(arg);
  }
  return options;
}

/**
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code
 */
async function main(argv) {
  const options = parseArguments(argv);
  const folder = await packages();
  process.env.PYTHONPATH = folder;
  const native = oracle();
  // The toolchain gets no environment of ours.
  const nativeArgs = (/** @type {string} */ name) => [
    "-c",
    `import sys, runpy; sys.path.insert(0, ${JSON.stringify(folder)}); sys.argv[1:] = [${JSON.stringify(name)}]; ` +
      'runpy.run_path("tests/imports/uses.py", run_name="__main__")',
  ];
  const ours = heddle(options.host);
  /** @type {Record<string, string>} */
  const expected = JSON.parse(readFileSync(join(here, "expected.json"), "utf8"));
  const listed = await run(native, ["tests/imports/uses.py", "--list"], { deadlineS: DEADLINE_S });
  const all = listed.stdout.trim().split("\n");
  const names = options.names.length ? options.names : all;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length) throw new Error(`uses.py has no ${unknown.join(", ")}`);
  console.log(`# ${names.length} packages under heddle, ${options.host}, and natively`);
  const waiting = [...names];
  const count = { same: 0, listed: 0, wrong: 0 };
  await Promise.all(
    Array.from({ length: options.jobs }, async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const right = await run(native, nativeArgs(name), { deadlineS: DEADLINE_S });
        const seen = await run(ours, ["tests/imports/uses.py", name], { deadlineS: DEADLINE_S });
        const isSame =
          right.code === 0 && seen.code === 0 && right.stdout !== "" && seen.stdout === right.stdout;
        const isListed = Object.hasOwn(expected, name);
        if (isSame !== isListed) {
          count[isSame ? "same" : "listed"]++;
          console.log(`ok ${name} # ${isSame ? `${seen.seconds.toFixed(1)} s` : expected[name]}`);
          continue;
        }
        count.wrong++;
        console.log(`not ok ${name} # ${isSame ? "is listed in expected.json, and prints the same" : ""}`);
        if (isSame) continue;
        for (const [what, outcome] of Object.entries({ native: right, heddle: seen }))
          console.log(`  # ${what}: exit code ${outcome.code}\n${tail(outcome.stdout + outcome.stderr, 12)}`);
      }
    }),
  );
  console.log(`# ${count.same} print the same, ${count.listed} as listed, ${count.wrong} problems`);
  return count.wrong ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/imports/run.js: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
