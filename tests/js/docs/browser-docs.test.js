// docs/browser.md: the documents that messages name are there, and every setting in it sends both headers.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ISOLATION } from "../../../js/src/cli/serve.js";
import { PROJECT } from "../../../wasm/toolchain/sandbox.js";

const read = (/** @type {string} */ file) => readFileSync(join(PROJECT, file), "utf8");
const text = read("docs/browser.md");

/** The headers that a page needs. @type {Record<string, string>} */
const expected = {
  "Cross-Origin-Opener-Policy": ISOLATION["Cross-Origin-Opener-Policy"],
  "Cross-Origin-Embedder-Policy": ISOLATION["Cross-Origin-Embedder-Policy"],
};

/**
 * The setting under a heading.
 * @param {string} heading
 */
function setting(heading) {
  const section = text.split(/^##+ /m).find((it) => it.startsWith(heading));
  const block = /```\w+\n(.*?)```/s.exec(section ?? "")?.[1];
  assert.ok(block, `docs/browser.md has no setting under "${heading}"`);
  return block;
}

/**
 * The headers that lines of a setting give.
 * @param {string} setting
 * @param {RegExp} line with a header's name and value
 */
const headersIn = (setting, line) =>
  Object.fromEntries([...setting.matchAll(line)].map(([, name, value]) => [name, value]));

test("every document that the package's sources name is there", () => {
  const sources = readdirSync(join(PROJECT, "js"), { recursive: true, encoding: "utf8" });
  const named = sources
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [...read(`js/${name}`).matchAll(/\bdocs\/[\w-]+\.md\b/g)].map(([file]) => file));
  assert.ok(named.includes("docs/browser.md"), "the error for pages without headers names no document");
  assert.deepEqual(
    named.filter((file) => !existsSync(join(PROJECT, file))),
    [],
  );
});

test("the settings of servers send both headers", () => {
  const lines = {
    nginx: /^ {4}add_header ([\w-]+) "([\w-]+)" always;$/gm,
    Apache: /^Header always set ([\w-]+) "([\w-]+)"$/gm,
    Caddy: /^ {8}(Cross[\w-]+) "([\w-]+)"$/gm,
    "Netlify and Cloudflare Pages": /^ {2}([\w-]+): ([\w-]+)$/gm,
  };
  for (const [server, line] of Object.entries(lines)) {
    assert.deepEqual(headersIn(setting(server), line), expected, server);
  }
});

test("Vite's configuration sends them, and is the example's", async () => {
  const code = setting("Vite");
  const { default: config } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  assert.deepEqual(config, { server: { headers: expected }, preview: { headers: expected } });
  assert.ok(read("examples/vite/vite.config.js").endsWith(code), "examples/vite has another configuration");
});

test("the service worker is where the document says, and adds both headers", () => {
  const copied = /`cp node_modules\/heddle\/(\S+) \.`/.exec(text)?.[1] ?? "";
  assert.equal(`./${copied}`, JSON.parse(read("package.json")).exports["./isolation-worker.js"].default);
  assert.deepEqual(headersIn(read(copied), /headers\.set\("([\w-]+)", "([\w-]+)"\);/g), expected);
});
