// Memory comes back: after loading and closing Python again and again, and after many runs.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

const CYCLES = 20;
const RUNS = 200;
// What may be added between the second time and the last.
const GROWTH = 1.1;
// Garbage is collected when the browser thinks fit; what is in use is never collected.
const PATIENCE_MS = 60_000;
// When close() has ended, so have the workers; the browser tells of it a moment later.
const WORKERS_MS = 10_000;

const PROGRAM = `
import json, threading
data = [json.dumps(list(range(1000))) for _ in range(20)]
threads = [threading.Thread(target=print, args=[len(text)]) for text in data[:4]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("x" * 10_000)
`;

/**
 * The browser's memory in MiB once it is below the limit, or else after some time.
 * @param {import("./support.js").TestBrowser} browser
 * @param {import("./support.js").TestPage} page
 * @param {number} limit
 */
async function settled(browser, page, limit) {
  const end = performance.now() + PATIENCE_MS;
  let least = Infinity;
  do {
    await page.run(({ collectGarbage }) => collectGarbage());
    least = Math.min(least, browser.memory());
  } while (least > limit && performance.now() < end);
  return least;
}

/**
 * The first measurement: nothing is known of where it will settle, so it is the least of several.
 * @param {import("./support.js").TestBrowser} browser
 * @param {import("./support.js").TestPage} page
 */
async function first(browser, page) {
  const seen = [];
  for (let i = 0; i < 4; i++) seen.push(await settled(browser, page, Infinity));
  const least = Math.min(...seen);
  assert.ok(least > 50 && least < 5000, `the browser cannot take ${least} MiB`);
  return least;
}

/**
 * Waits until the browser has no worker of the page any more.
 * @param {import("./support.js").TestPage} testPage
 */
async function untilNoWorkers({ page }) {
  const end = performance.now() + WORKERS_MS;
  while (page.workers().length > 0) {
    if (performance.now() > end) {
      assert.fail(`${page.workers().length} workers are there ${WORKERS_MS} ms after close()`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

inBrowsers((browser) => {
  test(`${CYCLES} times loadPython() and close()`, async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const cycle = async () => {
      await page.run(async ({ loadPython }, program) => {
        const py = await loadPython({ stdout: () => {} });
        await py.run(program);
      }, PROGRAM);
      assert.ok(page.page.workers().length > 0, "the browser shows no workers while Python is there");
      await page.run(({ closeAll }) => closeAll());
      await untilNoWorkers(page);
    };
    await cycle();
    await cycle();
    const before = await first(browser, page);
    for (let i = 2; i < CYCLES; i++) await cycle();
    const after = await settled(browser, page, before * GROWTH);
    t.diagnostic(`${before} MiB, then ${after}`);
    assert.ok(after <= before * GROWTH, `${after} MiB after ${CYCLES} cycles, ${before} after 2`);
  });

  test(`${RUNS} runs of a program`, async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const run = (/** @type {number} */ times) =>
      page.run(
        async ({ keptPython }, program, times) => {
          const py = await keptPython({ stdout: () => {} });
          for (let i = 0; i < times; i++) await py.run(program);
        },
        PROGRAM,
        times,
      );
    await run(2);
    const before = await first(browser, page);
    await run(RUNS - 2);
    const after = await settled(browser, page, before * GROWTH);
    t.diagnostic(`${before} MiB, then ${after}`);
    assert.ok(after <= before * GROWTH, `${after} MiB after ${RUNS} runs, ${before} after 2`);
  });
});
