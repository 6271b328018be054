// What the browser tests share: a server, the browsers, and a case that runs in a page of its own.
// SPDX-License-Identifier: MIT
// @ts-check

import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

import { folderHandler, ISOLATION } from "../../js/src/cli/serve.js";
import { BROWSERS } from "./install.js";
import { treeMemory } from "./process-memory.js";

/** @typedef {typeof import("./page.js")} Tools */
/** @typedef {import("node:http").RequestListener} Handler */
/** @typedef {keyof typeof BROWSERS} BrowserName */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where the built files are for a page, and on the disk. */
export const DIST_PATH = "/dist/";
export const DIST = process.env.HEDDLE_DIST ?? join(ROOT, DIST_PATH);

/** Where the page is. */
export const PAGE = "/tests/browser/page.html";

/** What gives a page's script the tools. */
const TOOLS = 'import("/tests/browser/page.js")';

// Generous: other work may have the processors.
const DEADLINE_MS = 60_000;

const chosen = process.env.HEDDLE_BROWSERS?.split(",") ?? Object.keys(BROWSERS);

/**
 * Serves the project on a port of its own.
 * @param {object} [options]
 * @param {Record<string, string>} [options.headers] of all answers; by default those that isolate a page
 * @param {Record<string, Handler>} [options.answers] for paths that are not to be answered from the folder
 */
export async function startServer({ headers = ISOLATION, answers = {} } = {}) {
  const project = folderHandler(ROOT, headers);
  const dist = folderHandler(DIST, headers);
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    if (answers[path]) return answers[path](request, response);
    if (!path.startsWith(DIST_PATH)) return project(request, response);
    request.url = path.slice(DIST_PATH.length - 1);
    return dist(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * startServer() until the tests of the file (or of the block) have ended.
 * @param {Parameters<typeof startServer>[0]} [options]
 */
export async function serveProject(options) {
  const { origin, close } = await startServer(options);
  after(close);
  return origin;
}

/** One browser, started once for a file of tests; each case has a page of its own. */
export class TestBrowser {
  /** @type {import("puppeteer-core").Browser | undefined} */
  #browser;

  /** @param {BrowserName} name */
  constructor(name) {
    this.name = name;
  }

  async start() {
    this.#browser = await launch(this.name);
  }

  async stop() {
    await this.#browser?.close();
  }

  /** What the browser takes at this moment, with all its processes, in MiB. */
  memory() {
    return treeMemory(Number(this.#browser?.process()?.pid));
  }

  /**
   * Opens a page, collects what its console says, and closes it at the end of the test.
   * @param {import("node:test").TestContext} t
   * @param {string} url
   */
  async open(t, url) {
    if (!this.#browser) throw new Error("start() comes first");
    const page = await this.#browser.newPage();
    t.after(() => page.close());
    /** @type {string[]} */
    const said = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`uncaught: ${/** @type {Error} */ (error)?.message}`));
    await page.goto(url);
    return new TestPage(t.name, page, said);
  }
}

export class TestPage {
  #title;
  page;
  said;

  /**
   * @param {string} title
   * @param {import("puppeteer-core").Page} page
   * @param {string[]} said what its console has said
   */
  constructor(title, page, said) {
    this.#title = title;
    this.page = page;
    this.said = said;
  }

  /**
   * Runs a function in the page. It sees nothing of this file: what it needs are the tools of
   * page.js and plain arguments, and what it returns must be plain too.
   * @template {unknown[]} Args
   * @template T
   * @param {(tools: Tools, ...args: Args) => T | Promise<T>} body
   * @param {Args} args
   * @returns {Promise<T>}
   */
  async run(body, ...args) {
    const call = `${TOOLS}.then((tools) => (${body})(tools, ...${JSON.stringify(args)}))`;
    return /** @type {T} */ (await this.#within(this.page.evaluate(call)));
  }

  /** @param {Promise<unknown>} result */
  async #within(result) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => this.#describe().then((text) => reject(new Error(text))), DEADLINE_MS);
    });
    try {
      return await Promise.race([result, late]);
    } catch (error) {
      if (this.said.length) console.error(`${this.#title}: the page said:\n  ${this.said.join("\n  ")}`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #describe() {
    const threads = await Promise.race([
      this.page.evaluate(`${TOOLS}.then((tools) => tools.threads())`).catch(String),
      new Promise((resolve) => setTimeout(resolve, 5000, "the page does not answer")),
    ]);
    return `not done after ${DEADLINE_MS} ms; threads: ${JSON.stringify(threads)}`;
  }
}

/** @param {BrowserName} name */
export function launch(name) {
  const { product, path, args } = BROWSERS[name];
  return puppeteer.launch({
    browser: product,
    executablePath: path,
    args,
    headless: true,
    networkEnabled: false, // or the browser keeps a copy of whatever it loads for us
  });
}

/**
 * Defines the same tests for each browser (HEDDLE_BROWSERS=firefox chooses).
 * @param {(browser: TestBrowser) => void} define
 * @param {string[]} [names]
 */
export function inBrowsers(define, names = Object.keys(BROWSERS)) {
  for (const name of names.filter((it) => chosen.includes(it))) {
    describe(name, () => {
      const browser = new TestBrowser(/** @type {BrowserName} */ (name));
      before(() => browser.start());
      after(() => browser.stop());
      define(browser);
    });
  }
}
