// The small pages: cells in a text, and a prompt.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { Playground } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

const origin = await serveProject();

inBrowsers((browser) => {
  test("cells share one Python, wait for their turn, ask and stop", async (t) => {
    const page = new Playground(await browser.open(t, `${origin}/demos/cell/`));
    /** @param {number} cell @param {string} text */
    const untilPrinted = (cell, text) =>
      page.until(
        (index, wanted) => {
          const inside = document.querySelectorAll("heddle-cell")[index].shadowRoot;
          return inside?.querySelector("pre")?.textContent?.startsWith(wanted);
        },
        `cell ${cell} to have printed ${JSON.stringify(text)}`,
        cell,
        text,
      );
    /** @param {number} cell @param {string} selector */
    const click = (cell, selector) =>
      page.page.evaluate(
        (index, what) => {
          const inside = document.querySelectorAll("heddle-cell")[index].shadowRoot;
          /** @type {HTMLElement | null | undefined} */ (inside?.querySelector(what))?.click();
        },
        cell,
        selector,
      );
    /** @param {number} cell Waits until it has asked, and what is typed goes to its line. */
    const untilAsked = async (cell) => {
      await untilPrinted(cell, "Your name? ");
      await page.until(
        (index) => {
          const focused = document.querySelectorAll("heddle-cell")[index].shadowRoot?.activeElement;
          return focused?.matches("input") && focused.checkVisibility();
        },
        `the line of cell ${cell}`,
        cell,
      );
    };
    await click(0, ".run");
    await click(1, ".run");
    await page.until(
      () => /both have ended/.test(document.querySelectorAll("heddle-cell")[1].shadowRoot?.textContent ?? ""),
      "the threads to have ended",
    );
    const lines = await page.page.evaluate(() =>
      document.querySelectorAll("heddle-cell")[1].shadowRoot?.querySelector("pre")?.textContent?.split("\n"),
    );
    assert.deepEqual(lines?.slice(0, 6).sort(), ["warp 0", "warp 1", "warp 2", "weft 0", "weft 1", "weft 2"]);
    await click(2, ".run");
    await untilAsked(2);
    await page.page.keyboard.type("Ada\n");
    await untilPrinted(2, "Your name? Ada\nPress Stop, Ada\n");
    await click(2, ".stop");
    await page.until(
      () =>
        document
          .querySelectorAll("heddle-cell")[2]
          .shadowRoot?.querySelector("pre")
          ?.textContent?.endsWith("KeyboardInterrupt\n"),
      "the traceback of the interrupt",
    );
    await click(2, ".run");
    await untilAsked(2);
    await click(2, ".stop");
    await page.until(
      () => document.querySelectorAll("heddle-cell")[2].shadowRoot?.querySelector("form")?.hidden,
      "the question to be gone",
    );
    await click(2, ".run");
    await untilAsked(2);
    await page.page.keyboard.type("Grace\n");
    await untilPrinted(2, "Your name? Grace\nPress Stop, Grace\n");
  });

  test("Stop takes back a cell that waits for Python, or for its turn", async (t) => {
    const page = new Playground(await browser.open(t, `${origin}/demos/cell/`));
    const seen = await page.page.evaluate(async () => {
      const cells = /** @type {any[]} */ ([...document.querySelectorAll("heddle-cell")]);
      const part = (/** @type {number} */ cell, /** @type {string} */ name) =>
        cells[cell].shadowRoot.querySelector(name);
      const status = (/** @type {number} */ cell) => part(cell, "[role=status]").textContent;
      cells[0].code = "import time\nprint('first')\nwhile True: time.sleep(0.1)";
      cells[1].code = "print('second')";
      cells[2].code = "print('third')";

      const loading = cells[0].run();
      const before = status(0);
      await cells[0].stop();
      await loading;
      const whileLoading = [before, status(0), part(0, ".run").disabled, part(0, ".stop").disabled];

      const endless = cells[0].run();
      while (part(0, "pre").textContent !== "first\n") await new Promise((done) => setTimeout(done, 20));
      const queued = cells[1].run();
      const waits = status(1);
      await cells[1].stop();
      await queued;
      const whileQueued = [waits, status(1), status(0)];

      await cells[0].stop();
      await endless;
      await cells[2].run();
      await cells[2].stop(); // ended long ago
      await cells[2].run();
      const printed = cells.map((_, cell) => part(cell, "pre").textContent);
      return { whileLoading, whileQueued, printed };
    });
    assert.deepEqual(seen.whileLoading, ["loading Python…", "stopped before it began", false, true]);
    assert.deepEqual(seen.whileQueued, ["waits for its turn…", "stopped before it began", "running"]);
    assert.match(seen.printed[0], /^first\nTraceback [^]*KeyboardInterrupt\n$/);
    assert.deepEqual(seen.printed.slice(1), ["", "third\n"]);
  });

  test("a cell takes its program from a script, runs by itself, and survives the end of Python", async (t) => {
    const page = new Playground(await browser.open(t, `${origin}/demos/cell/`));
    await page.page.evaluate(() => {
      document.body.innerHTML = `
        <heddle-cell autorun readonly><script type="text/x-python">
          if 1 < 2 & 3:
              print("from a script")
        </script></heddle-cell>`;
    });
    /** @param {string} text */
    const untilPrinted = (text) =>
      page.until(
        (wanted) =>
          document
            .querySelector("heddle-cell")
            ?.shadowRoot?.querySelector("pre")
            ?.textContent?.includes(wanted),
        text,
        text,
      );
    await untilPrinted("from a script\n");
    /** @param {string} code */
    const run = async (code) => {
      // What a program has printed is there a moment before it has ended.
      await page.until(
        () => document.querySelector("heddle-cell")?.shadowRoot?.querySelector(".run:enabled"),
        "the program before it to end",
      );
      await page.page.evaluate((program) => {
        const cell = /** @type {any} */ (document.querySelector("heddle-cell"));
        cell.code = program;
        return cell.run();
      }, code);
    };
    await run("import os; os._exit(7)");
    await untilPrinted("exited with code 7");
    await run("print('a new one')");
    await untilPrinted("a new one\n");
  });

  test("the prompt takes several lines, completes, remembers, asks and is interrupted", async (t) => {
    const page = new Playground(await browser.open(t, `${origin}/demos/repl/`));
    const prompt = (/** @type {string} */ text) =>
      page.until(
        (wanted) =>
          document.getElementById("prompt")?.textContent === wanted &&
          !(/** @type {any} */ (document.getElementById("input")).disabled),
        `the prompt ${JSON.stringify(text)}`,
        text,
      );
    const printed = (/** @type {string} */ text) =>
      page.until((wanted) => document.getElementById("output")?.textContent?.endsWith(wanted), text, text);
    const { keyboard } = page.page;
    const interrupt = async () => {
      await keyboard.down("Control");
      await keyboard.press("c");
      await keyboard.up("Control");
    };
    const value = () => page.page.$eval("#input", (input) => /** @type {any} */ (input).value);
    await prompt(">>> ");
    await keyboard.type("def double(x):\n");
    await prompt("... ");
    await keyboard.press("Tab");
    await keyboard.type("return 2 * x\n");
    await keyboard.type("\n");
    await prompt(">>> ");
    await keyboard.type("doub");
    await keyboard.press("Tab");
    await page.until(
      () => /** @type {any} */ (document.getElementById("input")).value === "double(",
      "the completion",
    );
    await keyboard.type("21)\n");
    await printed("\n42\n");
    await prompt(">>> ");
    await keyboard.press("ArrowUp");
    assert.equal(await value(), "double(21)");
    await keyboard.press("ArrowDown");
    assert.equal(await value(), "");
    await keyboard.type("input('who? ')\n");
    await printed("who? ");
    await keyboard.type("me\n");
    await printed("'me'\n");
    await prompt(">>> ");
    await keyboard.type("input('stopped ')\n");
    await printed("stopped ");
    await interrupt();
    await prompt(">>> ");
    await keyboard.type("input('again? ')\n");
    await printed("again? ");
    await keyboard.type("yes\n");
    await printed("'yes'\n");
    await prompt(">>> ");
    await keyboard.type("import time; time.sleep(1000)\n");
    await page.until(() => document.getElementById("prompt")?.textContent === "", "the sleep");
    await interrupt();
    await printed("KeyboardInterrupt\n");
    await prompt(">>> ");
    await keyboard.type("def dropped():\n");
    await prompt("... ");
    await keyboard.type("half a line");
    await interrupt();
    await printed("def dropped():\nKeyboardInterrupt\n");
    await prompt(">>> ");
    assert.equal(await value(), "");
    await keyboard.type("40 + 2\n");
    await printed("\n42\n");
  });
});
