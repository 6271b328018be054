// Programs of 3 and 4 GiB in a page: prompts, replies, files, threads, snapshots, Stop, and memory that is full.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { TAKE_MEMORY } from "../js/memory-programs.js";
import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

const SIZES = [2 ** 31, 3 * 2 ** 30];

inBrowsers((browser) => {
  for (const limit of SIZES) {
    test(`above ${limit / 2 ** 30} GiB`, { timeout: 240_000 }, async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const seen = await page.run(
        async ({ loadPython, until }, take, limit) => {
          let printed = "";
          const py = await loadPython({
            stdout: (text) => void (printed += text),
            stdin: async () => "b".repeat(1_000_000),
          });
          const thrown = (/** @type {Promise<unknown>} */ promise) =>
            promise.then(
              () => "nothing",
              (error) => error.type ?? error.name,
            );
          /** @type {Record<string, unknown>} */
          const seen = {};
          await py.run(`${take}\ntake_up_to(${limit})`);
          seen.reply = /** @type {string} */ (await py.run("'a' * 1_000_000")).length;
          seen.request = await py.run(`#${"c".repeat(1_000_000)}\n2`);
          const bytes = new Uint8Array(1_000_000).map((_, i) => i);
          const back = /** @type {Uint8Array} */ (await py.run("given", { globals: { given: bytes } }));
          seen.bytes = back.length === bytes.length && back.every((byte, i) => byte === bytes[i]);
          seen.above = await py.run(`id(given) > ${limit}`);
          seen.input = await py.run("len(input('? '))");
          await py.run("print('d' * 1_000_000)");
          seen.printed = printed.length;
          await py.fs.writeFile("/home/user/a", bytes);
          seen.file = (await py.fs.readFile("/home/user/a")).length;
          seen.read = await py.run("open('/home/user/a', 'rb').read() == given");
          seen.listed = await py.fs.readdir("/home/user");
          await py.run("text = 'e' * 5_000_000\nmark = len(taken)\ntake_rest()");
          seen.full = [await thrown(py.run("text")), await thrown(py.run("bytes(5_000_000)"))];
          seen.after = await py.run("del taken[mark:]\nlen(text)");
          await py.run(`
import threading
threading.stack_size(32 << 20)  # larger than the stacks of the threads that are kept ready
go, lock, numbers = threading.Event(), threading.Lock(), []
def work(number):
    go.wait()
    with lock: numbers.append(number)
threads = [threading.Thread(target=work, args=[n], name=f"work-{n}") for n in range(8)]
for thread in threads: thread.start()`);
          const joining = thrown(py.run("for thread in threads: thread.join()"));
          await until(() => py.threads().filter(({ waitingOn }) => waitingOn !== null).length === 9);
          seen.stacks = py.stacks().filter(({ frames }) => frames.some(({ name }) => name === "work")).length;
          py.interrupt();
          seen.stopped = await joining;
          seen.joined = await py.run("go.set()\nfor thread in threads: thread.join()\nlen(numbers)");
          await py.close();
          return seen;
        },
        TAKE_MEMORY,
        limit,
      );
      assert.deepEqual(seen, {
        reply: 1_000_000,
        request: 2,
        bytes: true,
        above: true,
        input: 1_000_000,
        printed: 1_000_003,
        file: 1_000_000,
        read: true,
        listed: ["a"],
        stacks: 8,
        stopped: "KeyboardInterrupt",
        joined: 8,
        full: ["MemoryError", "MemoryError"],
        after: 5_000_000,
      });
    });
  }
});
