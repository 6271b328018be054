// An interpreter that runs each program in a page of its own.
// SPDX-License-Identifier: MIT
// @ts-check

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { folderHandler, ISOLATION } from "../js/src/cli/serve.js";
import { BROWSERS } from "../tests/browser/install.js";
import { treeMemory } from "../tests/browser/process-memory.js";
import { projectRoot, tail } from "../tests/python/interpreters.js";
import { filesBelow } from "./launchers/bundle.js";
import { ROWS } from "./rows.js";
import { READ_MEMORY_AFTER_MS, RUN_DEADLINE_S } from "./subject.js";

/** A browser that has just started is busy with itself. */
const SETTLE_MS = 3000;

/** How long a visit that measures loading goes on: browsers keep compiled code when there is time. */
const STAY_MS = 2000;

/** @typedef {import("./rows.js").Row} Row */
/** @implements {Subject} @typedef {import("./subject.js").Subject} Subject */
export class PageSubject {
  #browserName;
  /** Its caches hold what earlier visits have left. @type {Profile | undefined} */
  #profile;
  /** @type {import("node:http").Server | undefined} */
  #server;
  /** @type {Set<string>} */
  #requested = new Set();

  /**
   * @param {string} name of a launcher
   * @param {string} title
   * @param {keyof typeof BROWSERS} browserName
   */
  constructor(name, title, browserName) {
    this.name = name;
    this.title = title;
    this.#browserName = browserName;
  }

  /** @type {Subject["run"]} */
  async run(row) {
    if (row.cold || row.memory) {
      const profile = await Profile.open(this.#browserName);
      try {
        return await this.#visit(profile, row);
      } finally {
        await profile.close();
      }
    }
    if (!this.#profile) {
      this.#profile = await Profile.open(this.#browserName);
      const [startUp] = ROWS;
      await this.#visit(this.#profile, startUp); // fills the caches
    }
    return this.#visit(this.#profile, row);
  }

  async close() {
    await this.#profile?.close();
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** @param {Profile} profile @param {Row} row @returns {Promise<import("./rows.js").Outcome>} */
  async #visit({ browser, memoryBefore }, row) {
    const main = `bench/programs/${row.program}.py`;
    const task = {
      interpreter: this.name,
      main,
      args: row.args,
      paths: [main, ...row.needs.flatMap(filesBelow)],
    };
    const origin = await this.#origin();
    this.#requested.clear();
    const page = await browser.newPage();
    /** @type {string[]} */
    const said = [];
    /** @type {Promise<number>[]} */
    const memory = [];
    page.on("pageerror", (error) => said.push(/** @type {Error} */ (error).message));
    page.on("console", (message) => {
      if (message.text() !== "@memory") return void said.push(message.text());
      const read = () => treeMemory(Number(browser.process()?.pid)) - memoryBefore;
      memory.push(sleep(READ_MEMORY_AFTER_MS).then(read));
    });
    try {
      await page.goto(`${origin}/bench/page/index.html#${encodeURIComponent(JSON.stringify(task))}`);
      const limits = { timeout: RUN_DEADLINE_S * 1000, polling: 100 };
      const ended = await page.waitForFunction("outcome.code !== undefined && outcome", limits);
      const { stdout, stderr, code, firstOutputSeconds } = /** @type {any} */ (await ended.jsonValue());
      if (code) throw new Error(`the program ended with an error\n${tail(stderr + stdout, 12)}`);
      if (row.load) await sleep(STAY_MS);
      const requested = row.cold ? [...this.#requested] : undefined;
      return { stdout, firstOutputSeconds, memory: await Promise.all(memory), requested };
    } catch (error) {
      if (said.length && error instanceof Error) error.message += `; the page said: ${said.join("; ")}`;
      throw error;
    } finally {
      await page.close();
    }
  }

  /** Serves the project's folder, and remembers which of its files are asked for. */
  async #origin() {
    if (!this.#server) {
      const answer = folderHandler(projectRoot, ISOLATION);
      this.#server = createServer((request, response) => {
        const path = (request.url ?? "/").split("?")[0];
        response.on("finish", () => {
          if (response.statusCode === 200 && !path.startsWith("/bench/")) this.#requested.add(path);
        });
        answer(request, response);
      }).listen(0, "127.0.0.1");
      await once(this.#server, "listening");
    }
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `http://localhost:${port}`;
  }
}

/** A browser whose caches are empty at the start. */
class Profile {
  /** @param {import("puppeteer-core").Browser} browser @param {string} folder @param {number} memoryBefore */
  constructor(browser, folder, memoryBefore) {
    this.browser = browser;
    this.folder = folder;
    /** MiB, before its first visit. */
    this.memoryBefore = memoryBefore;
  }

  /** @param {keyof typeof BROWSERS} name */
  static async open(name) {
    const folder = mkdtempSync(join(tmpdir(), "heddle-profile-"));
    const { path, args, product } = BROWSERS[name];
    const browser = await puppeteer.launch({
      browser: product,
      executablePath: path,
      args,
      userDataDir: folder,
      headless: true,
      protocolTimeout: (RUN_DEADLINE_S + 10) * 1000,
    });
    await sleep(SETTLE_MS);
    return new Profile(browser, folder, treeMemory(Number(browser.process()?.pid)));
  }

  async close() {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
