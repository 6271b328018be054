// loadPython() in a page: threads run, print, and give back what they are asked for.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

inBrowsers((browser) => {
  test("a thread prints", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const printed = await page.run(async ({ loadPython }) => {
      let text = "";
      const py = await loadPython({ stdout: (more) => (text += more) });
      await py.run(`
import threading
thread = threading.Thread(target=lambda: print("hello from", threading.current_thread().name), name="squarer")
thread.start()
thread.join()`);
      await py.close();
      return text;
    });
    assert.equal(printed, "hello from squarer\n");
  });
});
