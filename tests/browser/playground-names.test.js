// Whatever can be focused or clicked in the playground has a name that a screen reader can say.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { buildPlayground } from "../../scripts/playground.js";
import { DEADLOCK, Playground, PLAYGROUND } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

await buildPlayground();
const origin = await serveProject();

/** The controls that can be seen, each with its name; runs in the page. */
function controls() {
  const text = (/** @type {string} */ id) => document.getElementById(id)?.textContent ?? "";
  /** @param {Element} element @returns {string} what is read aloud of its content */
  const content = (element) =>
    [...element.childNodes]
      .map((node) => {
        if (!(node instanceof Element)) return node.textContent ?? "";
        return node.matches("[aria-hidden=true], select, input") ? "" : content(node);
      })
      .join("");
  const selector =
    "button, input, select, textarea, a[href], [contenteditable=true], [tabindex='0'], [role=tab]";
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility() && !element.closest("[aria-hidden=true]"))
    .map((element) => {
      // A label's own select or input is no part of the name.
      const { labels } = /** @type {any} */ (element);
      const isInput = element.matches("input, select, textarea, [contenteditable=true]");
      const names = [
        ...(element.getAttribute("aria-labelledby") ?? "").split(" ").map(text),
        element.getAttribute("aria-label") ?? "",
        ...[...(labels ?? [])].map((label) => content(label)),
        isInput ? "" : content(element),
      ];
      const name = names.map((it) => it.trim()).find(Boolean) ?? "";
      return { element: element.outerHTML.slice(0, 120), name };
    });
}

inBrowsers((browser) => {
  test("every control has a name", async (t) => {
    const playground = await Playground.open(t, browser, origin + PLAYGROUND);
    const { page } = playground;
    let seen = 0;
    /** @param {string} scene @param {RegExp[]} expected names that must be there */
    const check = async (scene, ...expected) => {
      const found = await page.evaluate(controls);
      seen += found.length;
      const nameless = found.filter(({ name }) => !/\w/.test(name) && name !== "?").map((it) => it.element);
      assert.deepEqual(nameless, [], `${scene}: controls without a name`);
      for (const name of expected) {
        assert.ok(
          found.some((it) => name.test(it.name)),
          `${scene}: nothing is called ${name}, but ${found.map((it) => it.name).join("; ")}`,
        );
      }
    };
    await check(
      "at first",
      /^Run$/,
      /^Stop$/,
      /^Examples$/,
      /^Light or dark$/,
      /^Editor: main\.py$/,
      /^Output/,
    );
    await playground.start(DEADLOCK);
    await playground.until(() => document.querySelector(".deadlock")?.textContent, "the deadlock");
    await check("a deadlock", /^Threads/, /^Plato: line 7 of main\.py, in work$/);
    await page.click("#stop");
    await playground.untilEnded();
    await playground.run("import os\nopen('a.txt', 'w').write('a')\nraise ValueError('no')");
    await page.click("#tab-files");
    await playground.until(() => document.querySelector("#files li"), "the file");
    await check("files", /a\.txt/, /^Delete a\.txt$/);
    await page.click("#files li button");
    await playground.until(() => document.querySelectorAll("#files-open .file-tab").length === 2, "the tab");
    await check("two files open", /^Close a\.txt$/);
    await page.keyboard.down("Control");
    await page.keyboard.press("f");
    await page.keyboard.up("Control");
    await playground.until(() => document.querySelector(".cm-search"), "the search panel");
    await check("search", /^Find$/i, /^Replace$/i);
    await playground.start("input('Who? ')");
    await playground.untilAsked();
    await check("input", /Who\?|Input/, /^Enter$/, /^End$/);
    await page.click("#stop");
    await playground.untilEnded();
    for (const [button, name] of /** @type {const} */ ([
      ["#help", /^Close$/],
      ["#share", /^Link$/],
    ])) {
      await page.click(button);
      await playground.until(() => document.querySelector("dialog[open]"), "the dialog");
      await check(button, name);
      await page.evaluate(() => document.querySelectorAll("dialog").forEach((dialog) => dialog.close()));
    }
    await page.setViewport({ width: 375, height: 740 });
    await playground.until(() => document.getElementById("tab-code")?.checkVisibility(), "the narrow screen");
    await check("narrow", /^Code$/, /^Output$/, /^Pictures$/, /^Restart Python$/);
    assert.ok(seen > 100, `only ${seen} controls were seen`);
  });
});
