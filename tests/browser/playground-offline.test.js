// The playground without a network, without isolation headers, and without Python.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { folderHandler, ISOLATION } from "../../js/src/cli/serve.js";
import { buildPlayground } from "../../scripts/playground.js";
import { Playground } from "./playground-support.js";
import { inBrowsers } from "./support.js";

const folder = await buildPlayground();

/**
 * Serves the playground until the test ends, or until it is told to stop.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string>} headers
 */
async function serve(t, headers) {
  const handler = folderHandler(folder, headers);
  /** @type {Set<string>} paths that cannot be had */
  const missing = new Set();
  const server = createServer((request, response) => {
    if (missing.has(request.url ?? "")) response.writeHead(404).end();
    else handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  t.after(stop);
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}/`, missing, stop };
}

inBrowsers((browser) => {
  test("once loaded, it works without a network", async (t) => {
    const { url, stop } = await serve(t, ISOLATION);
    const playground = await Playground.open(t, browser, url);
    await playground.until(
      async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
      "the service worker to have everything",
    );
    stop();
    await playground.reload();
    assert.equal(
      await playground.run(
        "import threading; t = threading.Thread(target=print, args=['offline']); t.start()",
      ),
      "offline\n",
    );
  });

  test("on a host that cannot send the headers, its service worker adds them", async (t) => {
    const { url } = await serve(t, {});
    const playground = await Playground.open(t, browser, url);
    assert.equal(await playground.page.evaluate(() => crossOriginIsolated), true);
    assert.equal(await playground.run("print('isolated')"), "isolated\n");
    // The same once more in this tab, when the worker is gone: somebody has cleared the site's data.
    await playground.page.evaluate(async () => {
      for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    });
    await playground.reload();
    assert.equal(await playground.page.evaluate(() => crossOriginIsolated), true);
  });

  test("when Python cannot be loaded, it says why, and can try again", async (t) => {
    const { url, missing } = await serve(t, ISOLATION);
    missing.add("/dist/python.wasm");
    const playground = new Playground(await browser.open(t, url));
    await playground.until(() => document.body.dataset.state === "failed", "the failure to be told");
    assert.match(await playground.text("#problem p"), /cannot load .*python\.wasm: the server answers 404/);
    assert.equal(await playground.status(), "Python could not be loaded");
    missing.clear();
    await playground.page.click("#problem button");
    await playground.untilReady();
    assert.equal(await playground.run("print('again')"), "again\n");
  });
});
