// The page stays smooth: frames keep coming while threads compute, wait, print and start.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

const THREADS = 8;

// Of the frames that the same page has while nothing runs. Other programs take frames too, so it is
// the median second that counts, and a bad measurement is repeated: what Python takes, it takes each time.
const SHARE = 0.9;
const IDLE_SECONDS = 3;
const BUSY_SECONDS = 5;
const TRIES = 5;

// As often as a panel of threads would ask, and more.
const POLL_MS = 50;

/** What threads do, one after the other where there are several. @type {Record<string, string[]>} */
const WORK = {
  computes: ["sum(range(100))"],
  "waits for a lock": ["with lock: time.sleep(0.0005)"],
  prints: ["print('a line of text, such as programs print')"],
};

const ALL_SORTS = [
  "sum(range(100))",
  "print('a line of text, such as programs print')",
  "with lock: time.sleep(0.0005)",
  "with open(f'/home/user/{number}.txt', 'w') as file: file.write('some text\\n' * 100)",
];

inBrowsers((browser) => {
  /**
   * Lets threads work, and holds the page's frames against those that it has while nothing runs.
   * @param {import("node:test").TestContext} t
   * @param {string[]} work
   * @param {{polls: boolean}} options polls: the page asks for threads, stacks and files meanwhile
   */
  async function compareFrames(t, work, { polls }) {
    const page = await browser.open(t, origin + PAGE);
    const { idle, busy, turns, seen } = await page.run(
      async ({ framesPerSecond, loadPython, median, sleep }, work, polls, limits) => {
        const { threads, idleSeconds, busySeconds, tries, share, pollMs } = limits;
        const measure = async (/** @type {number} */ seconds) => {
          const all = [];
          for (let i = 0; i < seconds; i++) all.push(await framesPerSecond());
          return median(all);
        };
        const py = await loadPython({ stdout: () => {} });
        const idle = await measure(idleSeconds);
        await py.run(
          `
import threading, time
lock = threading.Lock()
stop = threading.Event()
turns = [0] * thread_count
def do(number):
    names = {**globals(), "number": number}
    code = compile(work[number % len(work)], "<work>", "exec")
    while not stop.is_set():
        exec(code, names)
        turns[number] += 1
threads = [threading.Thread(target=do, args=[n]) for n in range(thread_count)]
for thread in threads:
    thread.start()`,
          { globals: { work, thread_count: threads } },
        );
        const seen = { threads: 0, frames: 0, bytes: 0 };
        let polling = polls;
        const poller = (async () => {
          for (; polling; await sleep(pollMs)) {
            seen.threads = Math.max(seen.threads, py.threads().length);
            for (const { frames } of py.stacks()) seen.frames += frames.length;
            for (const name of await py.fs.readdir("/home/user"))
              seen.bytes += (await py.fs.readFile(`/home/user/${name}`)).length;
            await py.fs.writeFile("/tmp/from-the-page", "text");
          }
        })();
        let busy = 0;
        for (let i = 0; i < tries && busy < idle * share; i++)
          busy = Math.max(busy, await measure(busySeconds));
        polling = false;
        await poller;
        const turns = await py.run(`
stop.set()
for thread in threads:
    thread.join()
turns`);
        await py.close();
        return { idle, busy, turns, seen };
      },
      work,
      polls,
      {
        threads: THREADS,
        idleSeconds: IDLE_SECONDS,
        busySeconds: BUSY_SECONDS,
        tries: TRIES,
        share: SHARE,
        pollMs: POLL_MS,
      },
    );
    t.diagnostic(`${busy.toFixed(1)} frames a second, ${idle.toFixed(1)} when nothing runs; turns: ${turns}`);
    assert.ok(idle > 5, `the idle page has only ${idle} frames a second`);
    assert.ok(busy >= idle * SHARE, `${busy} frames a second, ${idle} when nothing runs`);
    assert.ok(
      turns.every((/** @type {number} */ n) => n > 0),
      `a thread did not run: ${turns}`,
    );
    return seen;
  }

  for (const [what, work] of Object.entries(WORK)) {
    test(`while each of ${THREADS} threads ${what}`, async (t) => {
      await compareFrames(t, work, { polls: false });
    });
  }

  test("while threads compute, print, wait and write files, and the page looks at all of it", async (t) => {
    const seen = await compareFrames(t, ALL_SORTS, { polls: true });
    assert.equal(seen.threads, THREADS + 1);
    assert.ok(seen.frames > 0, "no stack had a frame");
    assert.ok(seen.bytes > 0, "the page read nothing of what the threads wrote");
  });

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
