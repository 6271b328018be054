// The page stays smooth: frames keep coming while threads compute, wait, print and start.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

const THREADS = 8;

// Of the frames that the same page has while nothing runs. Other programs take frames too, so the
// best second of several counts; a page that is blocked has no good second.
const SHARE = 0.9;
const SECONDS = 8;

const WORK = {
  computes: "sum(range(100))",
  "waits for a lock": "with lock: time.sleep(0.0005)",
  prints: "print('a line of text, such as programs print')",
};

inBrowsers((browser) => {
  for (const [what, statement] of Object.entries(WORK)) {
    test(`while each of ${THREADS} threads ${what}`, async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const { idle, busy, turns } = await page.run(
        async ({ framesPerSecond, loadPython }, statement, threads, share, seconds) => {
          const py = await loadPython({ stdout: () => {} });
          const idle = Math.max(await framesPerSecond(), await framesPerSecond());
          await py.run(`
import threading, time
lock = threading.Lock()
stop = threading.Event()
turns = [0] * ${threads}
def work(number):
    while not stop.is_set():
        ${statement}
        turns[number] += 1
threads = [threading.Thread(target=work, args=[n]) for n in range(${threads})]
for thread in threads:
    thread.start()`);
          let busy = 0;
          for (let i = 0; i < seconds && busy < idle * share; i++) {
            busy = Math.max(busy, await framesPerSecond());
          }
          const turns = await py.run(`
stop.set()
for thread in threads:
    thread.join()
turns`);
          await py.close();
          return { idle, busy, turns };
        },
        statement,
        THREADS,
        SHARE,
        SECONDS,
      );
      assert.ok(idle > 5, `the idle page has only ${idle} frames a second`);
      assert.ok(busy >= idle * SHARE, `${busy} frames a second at best, ${idle} when nothing runs`);
      assert.ok(
        turns.every((/** @type {number} */ n) => n > 0),
        `a thread did not run: ${turns}`,
      );
    });
  }

  test("100,000 lines arrive whole, in order, and in few pieces, seen or not", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    for (const hidden of [false, true]) {
      const { missed, pieces } = await page.run(async ({ loadPython }, hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        let text = "";
        let pieces = 0;
        const py = await loadPython({
          stdout(more) {
            text += more;
            pieces++;
          },
        });
        await py.run("for i in range(100_000): print('line', i)");
        await py.close();
        const expected = Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join("");
        return { missed: text === expected ? undefined : text.length, pieces };
      }, hidden);
      assert.equal(missed, undefined);
      assert.ok(pieces < 40_000, `${pieces} calls of stdout()`);
    }
  });

  test("input(), sleep() and a contended lock leave the page alone", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const longest = await page.run(async ({ loadPython, longestTask, sleep }) => {
      const py = await loadPython({ stdin: () => sleep(1500).then(() => "an answer") });
      const watch = longestTask();
      await py.run(`
import threading, time
lock = threading.Lock()
def hold():
    with lock: time.sleep(3)
thread = threading.Thread(target=hold)
thread.start()
input("? ")
with lock: pass
thread.join()`);
      return watch.end();
    });
    // A wait on the page's own thread would last as long as the answer takes, or the lock.
    assert.ok(longest < 1000, `the page was busy for ${longest} ms`);
  });
});
