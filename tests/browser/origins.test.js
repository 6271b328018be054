// Pages whose Python comes from another origin, and pages with a Content-Security-Policy.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ISOLATION } from "../../js/src/cli/serve.js";
import { DIST_PATH, inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();
// What docs/browser.md asks of a CDN.
const cdn = await serveProject({ headers: { "Access-Control-Allow-Origin": "*" } });
const silentOrigin = await serveProject({ headers: {} });

const credentialless = await serveProject({
  headers: { ...ISOLATION, "Cross-Origin-Embedder-Policy": "credentialless" },
});

/** @param {string} policy */
const withPolicy = (policy) =>
  serveProject({ headers: { ...ISOLATION, "Content-Security-Policy": `default-src 'none'; ${policy}` } });
const strict = await withPolicy("script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'");
const withoutWorkers = await withPolicy("script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
const withoutWasm = await withPolicy("script-src 'self'; worker-src blob:; connect-src 'self'");

/**
 * Loads the package from this place, and lets two threads run.
 * @param {import("./support.js").Tools} _
 * @param {string} index
 */
async function runThreads(_, index) {
  const { loadPython } = await import(index);
  let printed = "";
  const py = await loadPython({ stdout: (/** @type {string} */ text) => (printed += text) });
  await py.run(`
import threading
threads = [threading.Thread(target=print, args=[n], kwargs={"flush": True}) for n in range(2)]
for thread in threads:
    thread.start()
    thread.join()`);
  await py.close();
  return printed;
}

inBrowsers((browser) => {
  describe("the package on another origin", () => {
    test("is loaded, workers and all", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      assert.equal(await page.run(runThreads, `${cdn}/js/src/index.js`), "0\n1\n");
    });

    test("only its built files: indexURL", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const value = await page.run(async ({ loadPython }, indexURL) => {
        const py = await loadPython({ indexURL });
        return py.run("import threading; t = threading.Thread(target=int); t.start(); t.join(); 1");
      }, cdn + DIST_PATH);
      assert.equal(value, 1);
    });

    test("that does not allow it: the error names the header", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(
        ({ loadPython, rejection }, indexURL) => rejection(loadPython({ indexURL })),
        silentOrigin + DIST_PATH,
      );
      assert.equal(error.name, "LoadError");
      assert.match(error.message, /Access-Control-Allow-Origin/);
    });
  });

  test("a page with Cross-Origin-Embedder-Policy: credentialless", async (t) => {
    const page = await browser.open(t, credentialless + PAGE);
    assert.equal(await page.run(runThreads, "/js/src/index.js"), "0\n1\n");
  });

  describe("a page with a Content-Security-Policy", () => {
    test("that allows what Heddle needs", async (t) => {
      const page = await browser.open(t, strict + PAGE);
      assert.equal(await page.run(runThreads, "/js/src/index.js"), "0\n1\n");
    });

    test("that forbids its workers: the error names the directive", async (t) => {
      const page = await browser.open(t, withoutWorkers + PAGE);
      const error = await page.run(({ loadPython, rejection }) => rejection(loadPython()));
      assert.equal(error.name, "LoadError");
      assert.match(error.message, /worker-src blob:/);
    });

    test("that forbids WebAssembly: the error names the keyword", async (t) => {
      const page = await browser.open(t, withoutWasm + PAGE);
      const error = await page.run(({ loadPython, rejection }) => rejection(loadPython()));
      assert.equal(error.name, "LoadError");
      assert.match(error.message, /'wasm-unsafe-eval'/);
    });
  });
});
