// The playground in a page: run, stop, input, errors, output.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { linkFor } from "../../demos/playground/share.js";
import { buildPlayground } from "../../scripts/playground.js";
import { DEADLOCK, Playground, PLAYGROUND } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

await buildPlayground();
const origin = await serveProject();
const url = origin + PLAYGROUND;

inBrowsers((browser) => {
  test("a program runs, ends, and the next one begins afresh", async (t) => {
    const playground = await Playground.open(t, browser, url);
    assert.equal(await playground.run("x = 1\nprint('x is', x, __name__)"), "x is 1 __main__\n");
    assert.match(await playground.status(), /^Finished in \d/);
    assert.match(await playground.run("print(x)"), /NameError: name 'x' is not defined/);
    assert.equal(await playground.status(), "NameError in line 1");
  });

  test("a program ends when its threads do, daemons end with it", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const output = await playground.run(`
import threading, time
main_is_done = threading.Event()
def slow():
    main_is_done.wait()
    time.sleep(0.5)
    print("the thread is done")
threading.Thread(target=slow).start()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
print("main is done")
main_is_done.set()`);
    assert.equal(output, "main is done\nthe thread is done\n(1 thread was ended with the program)\n");
    assert.equal(await playground.run("import threading; print(threading.active_count())"), "1\n");
  });

  for (const [what, code] of Object.entries({
    "a program that sleeps": "import time\nprint('started')\ntime.sleep(1000)",
    "an endless loop": "print('started')\nwhile True: pass",
    "endless output": "print('started')\nwhile True: print('and on ' * 20)",
    "a program that waits for input": "print('started')\ninput('for ever? ')",
    "a deadlock": DEADLOCK,
    "threads that do not end": `
import threading
def spin():
    while True: pass
for _ in range(3): threading.Thread(target=spin).start()
print("started")`,
  })) {
    test(`Stop ends ${what}`, async (t) => {
      const playground = await Playground.open(t, browser, url);
      await playground.start(code);
      await playground.untilOutput("started");
      await playground.page.click("#stop");
      const output = await playground.untilEnded();
      // On a busy machine, threads that spin may keep it from ending in time.
      assert.match(await playground.status(), /^(Stopped|Python was closed) after/);
      assert.match(output.slice(-100), /(^|\n)(Stopped|Python was closed)/);
      assert.equal(await playground.run("print('next')"), "next\n");
    });
  }

  test("a program that refuses to stop is given up; files are kept", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.start(`
open("kept.txt", "w").write("still here")
while True:
    try:
        print("started")
        while True: pass
    except KeyboardInterrupt:
        pass`);
    await playground.untilOutput("started");
    await playground.page.click("#stop");
    assert.match(await playground.untilEnded(), /Python was closed while the program ran/);
    assert.equal(await playground.run("print(open('kept.txt').read())"), "still here\n");
  });

  test("a Python that ends by itself is replaced, with the files from before", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.run("open('kept.txt', 'w').write('still here')");
    assert.match(
      await playground.run("import os; os._exit(3)"),
      /exited with code 3\. A fresh Python is there/,
    );
    assert.equal(await playground.run("print(open('kept.txt').read())"), "still here\n");
  });

  test("Restart gives a fresh Python with the same files", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.start("open('a.txt', 'w').write('A')\nprint('started')\nwhile True: pass");
    await playground.untilOutput("started");
    await playground.page.click("#restart");
    await playground.untilEnded();
    assert.equal(await playground.run("import os; print(os.listdir())"), "['a.txt']\n");
  });

  test("input() has a line with its prompt, its end, and survives Stop", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const code =
      "name = input('Your name? ')\nprint('Hello', name)\nprint(repr(__import__('sys').stdin.read()))";
    await playground.start(code);
    await playground.untilAsked();
    assert.equal(await playground.text("#input label"), "Your name?");
    await playground.page.keyboard.type("Ada\n");
    await playground.untilOutput("Hello Ada");
    await playground.untilAsked();
    await playground.page.keyboard.type("rest\n");
    await playground.untilAsked();
    await playground.page.click("#input-end");
    assert.equal(await playground.untilEnded(), "Your name? Ada\nHello Ada\nrest\n\n'rest\\n'\n");

    await playground.start("input('stopped ')");
    await playground.untilAsked();
    await playground.page.click("#stop");
    await playground.untilEnded();
    await playground.start("print('got', input('next '))");
    await playground.untilAsked();
    await playground.page.keyboard.type("through\n");
    assert.equal(await playground.untilEnded(), "next through\ngot through\n");
  });

  test("an error is marked, and its traceback leads to the lines", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const output = await playground.run("def f(x):\n    return 1 / x\n\n\nprint('before')\nf(0)");
    assert.match(
      output,
      /^before\nTraceback \(most recent call last\):\n  File "main.py", line 6, in <module>\n    f\(0\)/,
    );
    assert.equal(await playground.text(".error-line"), "    return 1 / x");
    assert.equal(await playground.text(".error-message"), "ZeroDivisionError: division by zero");
    await playground.page.click("#log a");
    assert.equal(await playground.line(), 6);
    await playground.page.click("#log a:nth-of-type(2)");
    assert.equal(await playground.line(), 2);
  });

  test("the line of an error comes into sight, also when the editor is shown later", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const { page } = playground;
    // The editor scrolls in one of the next frames.
    const untilInSight = () =>
      playground.until(() => {
        const message = document.querySelector("#editor .error-message")?.getBoundingClientRect();
        const editor = document.querySelector("#editor")?.getBoundingClientRect();
        return message && editor && message.top >= editor.top && message.bottom <= editor.bottom;
      }, "the mark to be in sight");
    const code = `${"# a line\n".repeat(200)}1/0\n${"# a line\n".repeat(200)}`;
    await playground.run(code);
    await untilInSight();
    await page.setViewport({ width: 375, height: 740 });
    await playground.until(() => document.getElementById("tab-code")?.checkVisibility(), "the narrow screen");
    await playground.run(`${code}# again`);
    assert.equal(await page.$eval("#editor", (editor) => editor.checkVisibility()), false);
    await page.click("#tab-code");
    await untilInSight();
  });

  test("an error in a thread, and in a module of one's own, leads to its line", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.run("open('helper.py', 'w').write('\\ndef fail():\\n    raise ValueError(42)\\n')");
    const output = await playground.run(
      "import threading, helper\nt = threading.Thread(target=helper.fail)\nt.start()\nt.join()",
    );
    assert.match(output, /Exception in thread .*helper\.py", line 3, in fail\n.*ValueError: 42\n$/s);
    await playground.page.click("#log a");
    await playground.until(
      () => document.querySelector("#files-open [aria-pressed=true]")?.textContent === "helper.py",
      "the module to be open",
    );
    assert.equal(await playground.line(), 3);
  });

  test("100,000 lines arrive whole and in order, and the page goes on", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.page.evaluate(() => {
      let last = performance.now();
      const page = /** @type {any} */ (window);
      page.longestGap = 0;
      const frame = () => {
        page.longestGap = Math.max(page.longestGap, performance.now() - last);
        last = performance.now();
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const output = await playground.run("for n in range(100_000): print('line', n)");
    const lines = output.split("\n");
    assert.equal(lines.length, 100_001);
    assert.ok(lines.slice(0, -1).every((line, index) => line === `line ${index}`));
    const gap = await playground.page.evaluate(() => /** @type {any} */ (window).longestGap);
    assert.ok(gap < 2000, `a frame took ${gap} ms`);
    const end = await playground.page.$eval(
      "#log",
      (log) => log.scrollHeight - log.scrollTop - log.clientHeight,
    );
    assert.ok(end < 60, `the end is ${end} px below`);
  });

  test("only the last 200,000 lines are kept; the note of it goes with Clear", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const notes = () => playground.page.$$eval("#log > .note", (all) => all.map((it) => it.textContent));
    for (let time = 0; time < 2; time++) {
      await playground.run("for n in range(201_000): print(n)");
      assert.deepEqual(await notes(), ["Output before the last 200000 lines was dropped.\n"]);
      await playground.page.click("#clear");
      assert.equal(await playground.output(), "");
    }
  });

  test("a thread that has ended keeps its name, or is told by its number", async (t) => {
    const playground = await Playground.open(t, browser, url);
    const output = await playground.run(`
import threading
for n in range(20):
    threading.Thread(target=print, args=[n], name=f"quick-{n}").start()`);
    assert.deepEqual(
      output.split("\n").sort(),
      ["", ...Array.from({ length: 20 }, (_, n) => String(n))].sort(),
    );
    const writers = await playground.page.$$eval("#log [data-writer]", (all) =>
      all.map((it) => /** @type {HTMLElement} */ (it).dataset.writer ?? ""),
    );
    assert.deepEqual(
      writers.filter((name) => !/^(quick-\d+|thread \d+)$/.test(name)),
      [],
    );
    assert.ok(new Set(writers).size > 1, `all are called ${writers[0]}`);
  });

  test("carriage returns begin a line again, and the names of threads show on request", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.start(`
import threading, time
for n in range(3): print(f"{n} %", end="\\r")
print("done")
for text in "half", "\\r", "whole\\r", "\\n":
    print(text, end="", flush=True)
    time.sleep(0.1) # each arrives by itself
t = threading.Thread(target=lambda: (print("from a thread"), input()), name="Grace")
t.start(); t.join()`);
    // Only who is there when its output arrives has its name for certain.
    await playground.untilAsked();
    await playground.page.keyboard.press("Enter");
    assert.equal(await playground.untilEnded(), "done\nwhole\nfrom a thread\n\n");
    const label = () =>
      playground.page.$eval("#log [data-writer=Grace]", (span) => getComputedStyle(span, "::before").content);
    assert.equal(await label(), "none");
    await playground.page.click("#colours");
    assert.match(await label(), /Grace|attr\(data-writer\)/);
  });

  test("what is written is there after a reload", async (t) => {
    const playground = await Playground.open(t, browser, url);
    await playground.setCode("# kept in this browser");
    await playground.reload();
    assert.equal(await playground.text(".cm-line"), "# kept in this browser");
  });

  test("a program can be started while Python is still loading", async (t) => {
    const link = await linkFor("print('early')", url);
    const page = await browser.open(t, "about:blank");
    await page.page.goto(link, { waitUntil: "domcontentloaded" });
    const playground = new Playground(page);
    await playground.until(
      () => document.querySelector(".cm-line")?.textContent === "print('early')",
      "the editor",
    );
    await page.page.click("#run");
    assert.equal(await playground.untilEnded(), "early\n");
  });
});
