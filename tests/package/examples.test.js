// The example projects, built with the packed package and opened in each browser: a Python thread prints.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { folderHandler, ISOLATION } from "../../js/src/cli/serve.js";
import { inBrowsers } from "../browser/support.js";
import { installExample, succeed } from "./support.js";

// Generous: other work may have the processors.
const DEADLINE_MS = 60_000;

/**
 * Serves a folder until the tests have ended.
 * @param {string} folder
 */
async function serve(folder) {
  const server = createServer(folderHandler(folder, ISOLATION)).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://localhost:${port}/`;
}

/**
 * Starts a server that is a program, and gives the address that it prints. It ends with the test.
 * @param {import("node:test").TestContext} t
 * @param {string} folder
 * @param {string[]} args of node
 */
async function startServer(t, folder, args) {
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, NO_COLOR: "1" } });
  t.after(() => child.kill());
  let said = "";
  const timer = setTimeout(() => child.kill(), DEADLINE_MS);
  child.stderr.on("data", (text) => (said += text));
  // It may go on to print: the pipe stays open.
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    const address = /http:\/\/localhost:\d+\//.exec(said)?.[0];
    if (!address) continue;
    clearTimeout(timer);
    child.stdout.resume();
    return address;
  }
  throw new Error(`node ${args.join(" ")} ended, or named no address in ${DEADLINE_MS} ms:\n${said}`);
}

inBrowsers((browser) => {
  /**
   * Opens a page and waits until it shows a line.
   * @param {import("node:test").TestContext} t
   * @param {string} url
   * @param {string} line
   */
  async function shows(t, url, line) {
    const { page, said } = await browser.open(t, url);
    const text = () => page.$eval("pre", (output) => output.textContent);
    const limit = performance.now() + DEADLINE_MS;
    while ((await text()) !== line) {
      if (performance.now() > limit) {
        assert.fail(`after ${DEADLINE_MS} ms ${url} shows ${JSON.stringify(await text())}; it said: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test("plain modules with an import map", async (t) => {
    await shows(t, await serve(installExample("plain")), "hello from a thread\n");
  });

  test("Vite, built", async (t) => {
    const folder = installExample("vite");
    succeed(folder, "npm", ["run", "build"]);
    await shows(t, await serve(join(folder, "dist")), "hello from a pool\n");
  });

  test("Vite's development server, with its headers", async (t) => {
    const folder = installExample("vite");
    const vite = ["node_modules/vite/bin/vite.js", "--port", "0", "--force"];
    await shows(t, await startServer(t, folder, vite), "hello from a pool\n");
  });

  test("webpack", async (t) => {
    const folder = installExample("webpack");
    succeed(folder, "npm", ["run", "build"]);
    const built = readdirSync(join(folder, "dist")).map((name) => name.replace(/^[0-9a-f]{20}/, "hash"));
    assert.deepEqual(built.sort(), ["hash.mjs", "hash.wasm", "hash.zip", "hash.zip", "hash.zip", "main.js"]);
    await shows(t, await serve(folder), "hello through a queue\n");
  });

  test("esbuild", async (t) => {
    const folder = installExample("esbuild");
    succeed(folder, "npm", ["run", "build"]);
    await shows(t, await serve(folder), "hello from a timer\n");
  });
});
