// The service worker for hosts that cannot set headers.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ISOLATION } from "../../js/src/cli/serve.js";
import { inBrowsers, serveProject } from "./support.js";

const script = readFileSync(new URL("../../js/src/isolation-worker.js", import.meta.url));

/** @param {string} type @param {string | Buffer} content @returns {import("./support.js").Handler} */
const file = (type, content) => (_, response) =>
  response.writeHead(200, { "Content-Type": type }).end(content);

const page = file(
  "text/html",
  '<!doctype html><title>isolated</title><link rel="icon" href="data:,"><script src="/isolation-worker.js"></script>',
);
const moved = /** @type {import("./support.js").Handler} */ (
  (_, response) => response.writeHead(302, { Location: "/site/" }).end()
);
const answers = {
  "/isolation-worker.js": file("text/javascript", script),
  "/site/": page,
  "/moved/": moved,
};
const origin = await serveProject({ headers: {}, answers });
/** One of its pages comes with the headers, the others need the service worker. */
const mixed = await serveProject({
  headers: {},
  answers: {
    ...answers,
    "/own/": (_, response) =>
      response.writeHead(200, { "Content-Type": "text/html", ...ISOLATION }).end("<!doctype html>"),
  },
});
const elsewhere = await serveProject({ headers: {} });

inBrowsers((browser) => {
  test("a page without headers is isolated after one reload, and runs threads", async (t) => {
    const site = await browser.open(t, `${origin}/site/`);
    await site.page.waitForFunction("crossOriginIsolated");
    const printed = await site.run(async ({ loadPython }) => {
      let text = "";
      const py = await loadPython({ stdout: (more) => (text += more) });
      await py.run(
        "import threading; t = threading.Thread(target=print, args=['hello']); t.start(); t.join()",
      );
      await py.close();
      return text;
    });
    assert.equal(printed, "hello\n");
    // The next visit needs no reload, by a redirection neither.
    for (const path of ["/site/", "/moved/"]) {
      await site.page.goto(origin + path);
      assert.equal(await site.page.evaluate("crossOriginIsolated"), true, path);
    }
  });

  test("it takes its place beside a page that runs Python already, and holds no visit up", async (t) => {
    const own = await browser.open(t, `${mixed}/own/`);
    await own.run(async ({ keptPython }) => {
      const py = await keptPython();
      await py.run("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()");
    });
    for (let visit = 0; visit < 2; visit++) {
      // Both have their deadlines: 30 seconds.
      const site = await browser.open(t, `${mixed}/site/`);
      await site.page.waitForFunction("crossOriginIsolated");
    }
  });

  test("a file that is not there, or comes from elsewhere, stays what it is", async (t) => {
    const site = await browser.open(t, `${origin}/site/`);
    await site.page.waitForFunction("crossOriginIsolated");
    const seen = await site.run(async (_, elsewhere) => {
      const missing = await fetch("/nothing-here");
      const blocked = await fetch(elsewhere).catch((error) => error.name);
      return [missing.status, await missing.text(), blocked];
    }, `${elsewhere}/package.json`);
    assert.deepEqual(seen, [404, "Not found\n", "TypeError"]);
  });
});
