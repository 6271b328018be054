// The playground's panes, links and keys.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { buildPlayground } from "../../scripts/playground.js";
import { alarms, DEADLOCK, Playground, PLAYGROUND, watchAlarms } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

await buildPlayground();
const origin = await serveProject();
const url = origin + PLAYGROUND;

inBrowsers((browser) => {
  test("the panel shows who waits for whom, and names a deadlock", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.start(DEADLOCK);
    await playground.until(
      () => document.querySelector(".deadlock")?.textContent,
      "the deadlock to be named",
    );
    // Which lock is called A depends on which of the two is seen waiting first.
    const [, first, second] =
      /^Deadlock: Plato waits for (lock .), held by Zeno; Zeno waits for (lock .), held by Plato\.$/.exec(
        await playground.text(".deadlock"),
      ) ?? [];
    assert.notEqual(first, second);
    assert.equal(await playground.text("#tab-threads .badge"), "deadlock");
    const rows = await playground.page.$$eval("#threads tbody tr", (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent?.replace(/\d+\.\d\ss/, "T"))),
    );
    assert.deepEqual(rows, [
      ["MainThread", "waiting", "Plato to end, T", "main.py:13"],
      ["Plato", "waiting", `${first}, held by Zeno, T`, "main.py:7"],
      ["Zeno", "waiting", `${second}, held by Plato, T`, "main.py:7"],
    ]);
    await playground.page.click("#threads tr.stuck button");
    assert.equal(await playground.line(), 7);
    assert.equal(
      await playground.page.$eval(".thread-dots[title='Plato, Zeno']", (dots) => dots.children.length),
      2,
    );
    await playground.page.click("#stop");
    assert.match(await playground.untilEnded(), /Stopped at main.py:13; 2 threads were ended\.\n$/);
  });

  test("waits of the library are told by name, and are no deadlock", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await watchAlarms(playground);
    await playground.start(`
import queue, threading
from concurrent.futures import ThreadPoolExecutor
go, jobs, meet = threading.Event(), queue.Queue(), threading.Barrier(2)
signal, mine = threading.Lock(), threading.Lock()
signal.acquire()
def limited():
    mine.acquire()
    mine.acquire(timeout=1000)
def give():
    input()
    signal.release()
    mine.release()
    jobs.put(1)
    go.set()
    meet.wait()
for name, work in {"event": lambda: go.wait(1000), "queue": jobs.get, "barrier": meet.wait,
                   "limited": limited, "giver": give}.items():
    threading.Thread(target=work, name=name).start()
with ThreadPoolExecutor(1, "pool") as pool:
    pool.submit(print, "all wait")
    signal.acquire()
    print("signalled")`);
    await playground.until(() => {
      const rows = [...document.querySelectorAll("#threads tbody tr")];
      const haveWaited = rows.filter((row) => !/, 0\.[0-4]\ss/.test(row.textContent ?? ""));
      return haveWaited.length === 7 && haveWaited.every((row) => /, \d+\.\d\ss/.test(row.textContent ?? ""));
    }, "half a second of waiting in all threads");
    const waits = await playground.page.$$eval("#threads tbody tr", (rows) =>
      rows.map((row) => row.innerText.split(/[\t\n]+/).map((cell) => cell.trim())),
    );
    const seen = Object.fromEntries(waits.map(([name, , wait]) => [name, wait.replace(/, \d+\.\d\ss$/, "")]));
    assert.match(seen.MainThread, /^lock [AB], held by MainThread$/);
    assert.equal(seen.event, "an event");
    assert.equal(seen.pool_0, "work for the pool");
    assert.equal(seen.queue, "an item of a queue");
    assert.equal(seen.barrier, "the others at a barrier");
    assert.match(seen.limited, /^lock [AB], held by limited$/);
    await playground.untilAsked();
    await playground.page.keyboard.press("Enter");
    assert.equal(await playground.untilEnded(), "all wait\n\nsignalled\n");
    assert.deepEqual(await alarms(playground), []);
  });

  test("a link carries the program, and undo brings the old one back", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const code = 'print("Grüße, 世界 🧵")\n' + "# " + "x".repeat(3000);
    await playground.setCode(code);
    await playground.page.click("#share");
    await playground.until(() => document.querySelector("#share-dialog[open]"), "the dialog");
    const link = await playground.page.$eval("#share-link", (input) => /** @type {any} */ (input).value);
    assert.ok(link.startsWith(`${url}#code=`), link);
    assert.ok(link.length < 300, `${link.length} characters`);
    const other = await Playground.open(t, browser, link);
    await other.page.click("#run");
    assert.equal(await other.untilEnded(), "Grüße, 世界 🧵\n");
    const damaged = await Playground.open(t, browser, link.slice(0, -40));
    await damaged.until(
      () => document.querySelector(".cm-line")?.textContent !== "",
      "a program in spite of the damaged link",
    );
  });

  test("an address can name an example", async (t) => {
    const playground = await Playground.open(t, browser, `${url}#example=pool`);
    assert.match(await playground.text(".cm-line"), /A pool of three threads/);
  });

  test("files go in by choosing and dropping, and out by downloading", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const { page } = playground;
    await page.click("#tab-files");
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array([1, 2, 0, 255])], "bytes.bin"));
      files.items.add(new File(["one\ntwo\n"], "words.txt"));
      const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
      document.querySelector("#editor .cm-content")?.dispatchEvent(event);
    });
    await playground.until(() => document.querySelectorAll("#files li").length === 2, "two files");
    const output = await playground.run(
      "print(list(open('bytes.bin', 'rb').read()), open('words.txt').read().split())\nopen('out.txt', 'w').write('made')",
    );
    assert.equal(output, "[1, 2, 0, 255] ['one', 'two']\n");
    await playground.until(
      () => document.querySelectorAll("#files li").length === 3,
      "the file that Python made",
    );
    const downloaded = await page.evaluate(async () => {
      const original = URL.createObjectURL;
      /** @type {Blob} */
      const blob = await new Promise((resolve) => {
        URL.createObjectURL = (object) => {
          resolve(/** @type {Blob} */ (object));
          return original(object);
        };
        /** @type {any} */ (document.querySelector("[aria-label='Download out.txt']")).click();
      });
      URL.createObjectURL = original;
      return await blob.text();
    });
    assert.equal(downloaded, "made");
    await page.click("[aria-label='Open words.txt']");
    await playground.until(() => document.querySelector(".cm-line")?.textContent === "one", "the text file");
    await page.focus(".cm-content");
    await page.keyboard.type("zero ");
    await page.click("#files-open button");
    assert.equal(await playground.run("print(open('words.txt').read())"), "zero one\ntwo\n\n");
    await page.click("[aria-label='Delete words.txt']");
    await playground.until(() => document.querySelectorAll("#files li").length === 2, "one file less");
    assert.equal(
      await playground.run("import os; print(sorted(os.listdir()))"),
      "['bytes.bin', 'out.txt']\n",
    );
  });

  test("a picture shows while it grows", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.start(`
picture = open("grey.ppm", "wb", buffering=0)
picture.write(b"P6 4 2 255\\n" + bytes([10, 20, 30] * 4))
input("half")
picture.write(bytes([40, 50, 60] * 4))`);
    const pixels = () =>
      playground.page.$eval("#pictures canvas", (canvas) => {
        const { data } = /** @type {any} */ (canvas).getContext("2d").getImageData(0, 0, 4, 2);
        return [...data.slice(0, 4), ...data.slice(-4)];
      });
    await playground.until(() => document.querySelector("#pictures canvas"), "the picture");
    assert.deepEqual(await pixels(), [10, 20, 30, 255, 0, 0, 0, 0]);
    await playground.untilAsked();
    await playground.page.click("#input button");
    await playground.untilEnded();
    assert.deepEqual(await pixels(), [10, 20, 30, 255, 40, 50, 60, 255]);
    assert.equal(await playground.text("#pictures figcaption"), "grey.ppm");
  });

  test("the keyboard is enough", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const { page } = playground;
    await playground.setCode("print('by key')\nwhile True: pass");
    const press = async (/** @type {any} */ modifier, /** @type {any} */ key) => {
      await page.keyboard.down(modifier);
      await page.keyboard.press(key);
      await page.keyboard.up(modifier);
    };
    await press("Alt", "Digit1");
    await press("Control", "Enter");
    await playground.untilOutput("by key");
    await press("Control", "Period");
    await playground.untilEnded();
    const focused = () => page.evaluate(() => document.activeElement?.className ?? "");
    assert.match(await focused(), /cm-content/);
    await page.keyboard.press("Tab");
    assert.match(await focused(), /cm-content/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.doesNotMatch(await focused(), /cm-content/);
    await press("Alt", "Digit4");
    assert.equal(await page.$eval("#files", (pane) => pane.checkVisibility()), true);
  });
});
