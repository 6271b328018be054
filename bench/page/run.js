// Time from navigation to the first line that Python prints, in Chromium: Heddle against pyodide.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   npm run bench -- page [--rounds N] [--json FILE]
//
// bench/README.md tells the method. The samples go to build/bench-page.json.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";
import { folderHandler, ISOLATION } from "../../js/src/cli/serve.js";
import { BROWSERS, installBrowsers } from "../../tests/browser/install.js";
import { projectRoot } from "../../tests/python/interpreters.js";
import { machineLine } from "../machine.js";
import { cell, summary } from "../statistics.js";

const DEADLINE_MS = 60_000;

/** Visits of one profile: the first finds nothing kept, the others what the ones before have left. */
const WARM_VISITS = 3;

/** A browser that has just started is busy with itself. */
const SETTLE_MS = 3000;

/** How long a visit goes on after its line: browsers keep compiled code when there is time. */
const STAY_MS = 2000;

const SUBJECTS = ["heddle", "pyodide"];

/** Puts the pinned pyodide below build/, with npm. */
function installPeers() {
  const folder = join(projectRoot, "build/peers");
  const lock = (/** @type {string} */ where) => readFileSync(join(where, "package-lock.json"), "utf8");
  try {
    if (lock(folder) === lock(import.meta.dirname)) return;
  } catch {
    // not installed yet
  }
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "package.json"), join(folder, "package.json"));
  cpSync(join(import.meta.dirname, "package-lock.json"), join(folder, "package-lock.json"));
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  if (status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new Error("npm ci could not install pyodide; it needs the npm registry");
}

/**
 * One visit: seconds from navigation to the first line.
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 */
async function visit(browser, url) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const said = [];
  page.on("pageerror", (error) => said.push(/** @type {Error} */ (error).message));
  try {
    await page.goto(url);
    const printed = await page.waitForFunction("globalThis.firstLineMs", { timeout: DEADLINE_MS });
    await sleep(STAY_MS);
    return /** @type {number} */ (await printed.jsonValue()) / 1000;
  } catch (cause) {
    throw new Error(`${url} printed nothing in ${DEADLINE_MS} ms; it said: ${said.join("; ") || "nothing"}`, {
      cause,
    });
  } finally {
    await page.close();
  }
}

/**
 * A browser with an empty profile visits the page several times.
 * @param {string} url
 * @returns {Promise<{cold: number, warm: number[]}>} seconds
 */
async function visits(url) {
  const profile = mkdtempSync(join(tmpdir(), "heddle-profile-"));
  const { path, args } = BROWSERS.chromium;
  const browser = await puppeteer.launch({
    executablePath: path,
    args,
    userDataDir: profile,
    headless: true,
  });
  try {
    await sleep(SETTLE_MS);
    const cold = await visit(browser, url);
    const warm = [];
    for (let i = 0; i < WARM_VISITS; i++) warm.push(await visit(browser, url));
    return { cold, warm };
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string[]} argv */
export async function main(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: "string", default: "5" },
      json: { type: "string", default: join(projectRoot, "build/bench-page.json") },
    },
  });
  const rounds = Math.max(1, Number(values.rounds) || 1);
  await installBrowsers();
  installPeers();
  const server = createServer(folderHandler(projectRoot, ISOLATION)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const version = spawnSync(BROWSERS.chromium.path, ["--version"], { encoding: "utf8" }).stdout.trim();
  const peer = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")).dependencies
    .pyodide;
  const machine = machineLine(`pyodide ${peer}, ${version}`);
  /** @type {Record<string, {cold: number[], warm: number[]}>} */
  const samples = Object.fromEntries(SUBJECTS.map((name) => [name, { cold: [], warm: [] }]));
  try {
    for (let round = 0; round < rounds; round++) {
      // In turns, and in the other order every second time.
      for (const name of round % 2 ? [...SUBJECTS].reverse() : SUBJECTS) {
        const { cold, warm } = await visits(`http://localhost:${port}/bench/page/${name}.html`);
        samples[name].cold.push(cold);
        samples[name].warm.push(...warm);
      }
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }

  console.log(
    "| visit | Heddle, from a thread | pyodide, from its only thread | ratio |\n| --- | --- | --- | --- |",
  );
  for (const [state, title] of /** @type {const} */ ([
    ["cold", "first"],
    ["warm", "later"],
  ])) {
    const [ours, theirs] = SUBJECTS.map((name) => samples[name][state]);
    const ratio = Number((summary(ours).median / summary(theirs).median).toPrecision(2));
    console.log(`| ${title} | ${cell(ours)} | ${cell(theirs)} | ${ratio}× |`);
  }
  console.log(`\nMedian ± half the interquartile range (number of samples). ${machine}.`);
  writeFileSync(values.json, `${JSON.stringify({ machine, rounds, unit: "s", samples }, null, 1)}\n`);
  return 0;
}
