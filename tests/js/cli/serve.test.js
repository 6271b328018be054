// `heddle serve` serves a folder, with the headers that give a page shared memory.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { UsageError } from "../../../js/src/cli/arguments.js";
import { serve } from "../../../js/src/cli/serve.js";
import { temporaryFolder } from "../support.js";

const folder = temporaryFolder();
mkdirSync(join(folder, "site/sub"), { recursive: true });
writeFileSync(join(folder, "secret.txt"), "secret");
writeFileSync(join(folder, "site/index.html"), "<p>index</p>");
writeFileSync(join(folder, "site/sub/index.html"), "<p>sub</p>");
writeFileSync(join(folder, "site/python.wasm"), "wasm");

/** @param {import("node:test").TestContext} t */
async function served(t) {
  const server = await serve([join(folder, "site"), "--port=0"]);
  t.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://localhost:${port}`;
}

test("pages are isolated and files have their types", async (t) => {
  const base = await served(t);
  const page = await fetch(`${base}/`);
  assert.equal(await page.text(), "<p>index</p>");
  assert.equal(page.headers.get("Cross-Origin-Opener-Policy"), "same-origin");
  assert.equal(page.headers.get("Cross-Origin-Embedder-Policy"), "require-corp");
  assert.equal((await fetch(`${base}/python.wasm`)).headers.get("Content-Type"), "application/wasm");
  assert.equal(await (await fetch(`${base}/sub`)).text(), "<p>sub</p>");
});

test("nothing outside the folder is served", async (t) => {
  const base = await served(t);
  for (const path of ["/nothing", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%00", "/%"]) {
    const { status } = await fetch(base + path);
    assert.ok(status === 404 || status === 500, `${path}: ${status}`);
  }
});

test("a folder that is not there is a usage error", async () => {
  await assert.rejects(serve([join(folder, "nowhere")]), UsageError);
});
