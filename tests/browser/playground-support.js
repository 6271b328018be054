// What the playground's tests share: a page of it, and its buttons and panes in words.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";

import { linkFor } from "../../demos/playground/share.js";

/** Where the playground is, in the project. */
export const PLAYGROUND = "/build/playground/";

/** A program that says "started" and then never ends. */
export const DEADLOCK = `
import threading
locks, both = [threading.Lock(), threading.Lock()], threading.Barrier(2)
def work(first, second):
    with locks[first]:
        both.wait()
        with locks[second]:
            print("never")
threads = [threading.Thread(target=work, args=pair, name=name)
           for name, pair in {"Plato": (0, 1), "Zeno": (1, 0)}.items()]
for thread in threads: thread.start()
print("started")
for thread in threads: thread.join()
`;

/**
 * From now on, keeps every deadlock that the page names.
 * @param {Playground} playground
 */
export async function watchAlarms({ page }) {
  await page.evaluate(() => {
    const element = document.querySelector(".deadlock");
    const page = /** @type {any} */ (globalThis);
    page.alarms = [];
    if (!element) throw new Error("there is no place for deadlocks");
    const keep = () => element.textContent && page.alarms.push(element.textContent);
    new MutationObserver(keep).observe(element, { childList: true, characterData: true, subtree: true });
  });
}

/**
 * The deadlocks that the page has named since watchAlarms().
 * @param {Playground} playground
 * @returns {Promise<string[]>}
 */
export async function alarms({ page }) {
  return await page.evaluate(() => /** @type {any} */ (globalThis).alarms);
}

// Generous: other work may have the processors.
const DEADLINE_MS = 60_000;

/** One page of the playground. */
export class Playground {
  page;
  #said;

  /** @param {import("./support.js").TestPage} page */
  constructor({ page, said }) {
    this.page = page;
    this.#said = said;
  }

  /**
   * Opens the playground in a page of its own and waits until Python is loaded.
   * @param {import("node:test").TestContext} t
   * @param {import("./support.js").TestBrowser} browser
   * @param {string} url
   */
  static async open(t, browser, url) {
    const playground = new Playground(await browser.open(t, url));
    await playground.page.setViewport({ width: 1280, height: 800 });
    await playground.untilReady();
    return playground;
  }

  /**
   * Loads the page again. Firefox's own command waits for ever where a service worker answers.
   */
  async reload() {
    await this.page.evaluate(() => {
      document.body.dataset.state = "leaving";
      location.reload();
    });
    await this.untilReady();
  }

  async untilReady() {
    await this.until(() => document.body?.dataset.state === "ready", "Python to be loaded");
  }

  /**
   * Puts a program into the editor, as a link does.
   * @param {string} code
   */
  async setCode(code) {
    const link = new URL(await linkFor(code, this.page.url()));
    await this.page.evaluate((hash) => void (location.hash = hash), link.hash);
    const [first] = code.split("\n");
    await this.until(
      (line) => document.querySelector(".cm-line")?.textContent === line && !location.hash,
      "the program to be in the editor",
      first,
    );
  }

  /**
   * Starts a program.
   * @param {string} code
   */
  async start(code) {
    await this.setCode(code);
    // untilEnded() must not take the end of the last program for that of this one.
    await this.page.$eval("#status", (status) => void (status.textContent = ""));
    await this.page.click("#run");
  }

  /**
   * Runs a program to its end and gives its output.
   * @param {string} code
   */
  async run(code) {
    await this.start(code);
    return await this.untilEnded();
  }

  /** Waits for the end of the program, and until Python is ready for another one; gives the output. */
  async untilEnded() {
    await this.until(
      () =>
        document.body?.dataset.state === "ready" &&
        /^(Finished|Stopped|Python|\w+$|\w+ in line)/.test(
          document.getElementById("status")?.textContent ?? "",
        ) &&
        document.getElementById("status")?.textContent !== "Ready",
      "the program to end",
    );
    return await this.output();
  }

  /**
   * Waits until something is so in the page.
   * @template {unknown[]} Args
   * @param {(...args: Args) => unknown} condition
   * @param {string} what
   * @param {Args} args
   */
  async until(condition, what, ...args) {
    try {
      await this.page.waitForFunction(
        /** @type {any} */ (condition),
        { timeout: DEADLINE_MS, polling: 50 },
        ...args,
      );
    } catch (cause) {
      assert.fail(`waited for ${what}: ${/** @type {Error} */ (cause).message}\n${await this.#describe()}`);
    }
  }

  /** @param {string} text */
  async untilOutput(text) {
    await this.until(
      (wanted) => document.getElementById("log")?.textContent?.includes(wanted),
      `the output to have ${JSON.stringify(text)}`,
      text,
    );
  }

  /** Waits until the program asks for a line: one can be typed, or the input ended. */
  async untilAsked() {
    // Hidden, the line may keep the focus for a while.
    await this.until(
      () =>
        document.getElementById("input")?.checkVisibility() && document.activeElement?.id === "input-line",
      "the input line",
    );
  }

  /** @param {string} selector */
  async text(selector) {
    return await this.page.$eval(selector, (element) => element.textContent ?? "");
  }

  async output() {
    // What has arrived is put into the page in the next frame.
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    return await this.text("#log");
  }

  async status() {
    return await this.text("#status");
  }

  /** The number of the line that the cursor is in. */
  async line() {
    return Number(await this.text(".cm-lineNumbers .cm-activeLineGutter"));
  }

  /** What every thread is doing, as the page shows it. */
  async #describe() {
    const seen = await Promise.race([
      this.page
        .evaluate(() => ({
          address: document.URL,
          state: document.body.dataset.state,
          status: document.getElementById("status")?.textContent,
          problem: document.getElementById("problem")?.textContent?.trim(),
          threads: [...document.querySelectorAll("#threads tr")].map(
            (row) => /** @type {any} */ (row).innerText,
          ),
          output: document.getElementById("log")?.textContent?.slice(-2000),
          cells: [...document.querySelectorAll("heddle-cell")].map(
            (cell) => cell.shadowRoot?.querySelector("pre")?.textContent,
          ),
          text: document.body.innerText.slice(0, 500),
          prompt: document.getElementById("output")?.textContent?.slice(-2000),
        }))
        .catch(String),
      new Promise((resolve) => setTimeout(resolve, 5000, "the page does not answer")),
    ]);
    return `${JSON.stringify(seen, null, 2)}\nits console said:\n${this.#said.join("\n")}`;
  }
}
