// How the playground looks: screenshots in build/screenshots, for people to look at; contrast and overflow
// are checked in each.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { buildPlayground } from "../../scripts/playground.js";
import { PROJECT } from "../../wasm/toolchain/sandbox.js";
import { Playground, PLAYGROUND } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

await buildPlayground();
const origin = await serveProject();
const url = origin + PLAYGROUND;
const FOLDER = join(PROJECT, "build/screenshots");
mkdirSync(FOLDER, { recursive: true });

const LONG_NAMES = `"""Names that are too long, and output of several threads."""
import threading, time
def work(n):
    for step in range(3):
        print(f"step {step} of {n}, in a line that is so long that it has to be continued in the next one")
        time.sleep(0.3)
names = ["weft", "a-thread-with-a-name-that-does-not-fit-anywhere", "warp"]
for n, name in enumerate(names):
    threading.Thread(target=work, args=(n,), name=name).start()
with open("a-file-with-a-very-long-name-that-does-not-fit-into-a-narrow-pane.txt", "w") as f: f.write("x" * 12345)
open("data.csv", "w").write("a,b\\n1,2\\n")
time.sleep(2)
raise ValueError("this is the message of an error, which is shown in the line where it happened")
`;

/** @type {Record<string, (playground: Playground) => Promise<unknown>>} */
const SCENES = {
  begin: async () => {},
  deadlock: async (playground) => {
    await example(playground, "deadlock", "Five philosophers");
    await playground.page.click("#run");
    await show(playground, "threads");
    await playground.until(() => document.querySelector(".deadlock")?.textContent, "the deadlock");
  },
  running: async (playground) => {
    await colours(playground);
    await playground.start(LONG_NAMES);
    await playground.untilOutput("step 2 of 1");
  },
  error: async (playground) => {
    await playground.untilEnded();
    await playground.until(() => document.querySelector(".error-message"), "the mark");
  },
  code: async (playground) => {
    await show(playground, "code");
  },
  files: async (playground) => {
    await show(playground, "files");
    await playground.until(() => document.querySelectorAll("#files li").length === 2, "the files");
  },
  input: async (playground) => {
    await playground.start("name = input('What is your name, and where do you come from? ')");
    await playground.untilAsked();
  },
  pictures: async (playground) => {
    await example(playground, "mandelbrot", "Four threads");
    await playground.page.click("#run");
    await playground.until(() => document.querySelector("#pictures canvas"), "the picture");
    await show(playground, "pictures");
    await playground.untilOutput("points in");
    await playground.untilEnded();
  },
  help: async (playground) => {
    await playground.page.click("#help");
  },
  share: async (playground) => {
    await playground.page.click("#share");
    await playground.until(() => document.querySelector("#share-dialog[open]"), "the dialog");
  },
};

/**
 * @param {Playground} playground
 * @param {string} name
 * @param {string} begins
 */
async function example(playground, name, begins) {
  await playground.page.evaluate((hash) => void (location.hash = hash), `#example=${name}`);
  await playground.until(
    (text) => document.querySelector(".cm-line")?.textContent?.includes(text),
    "the example",
    begins,
  );
}

/** @param {Playground} playground @param {string} view */
async function show(playground, view) {
  const tab = `#tab-${view}`;
  if (await playground.page.$eval(tab, (element) => element.checkVisibility()))
    await playground.page.click(tab);
}

/** @param {Playground} playground */
async function colours(playground) {
  await show(playground, "output");
  if (
    (await playground.page.$eval("#colours", (button) => button.getAttribute("aria-pressed"))) === "false"
  ) {
    await playground.page.click("#colours");
  }
}

/** Text in the page that has less contrast than WCAG AA asks for. Runs in the page. */
function faintText() {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  /** @param {string[]} colours painted over one another */
  const paint = (colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  /** @param {number[]} rgb */
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = /** @type {HTMLElement} */ (node.parentElement);
    const box = element.getBoundingClientRect();
    if (
      !node.textContent?.trim() ||
      !element.checkVisibility() ||
      box.width < 2 ||
      element.closest(":disabled, script, option")
    )
      continue;
    const backgrounds = [];
    for (let at = /** @type {HTMLElement | null} */ (element); at; at = at.parentElement) {
      backgrounds.unshift(getComputedStyle(at).backgroundColor);
    }
    const style = getComputedStyle(element);
    const [text, back] = [luminance(paint([...backgrounds, style.color])), luminance(paint(backgrounds))];
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    if (contrast < 4.5) {
      faint.add(
        `${contrast.toFixed(2)}: ${element.tagName}.${element.className} ${node.textContent.trim().slice(0, 30)}`,
      );
    }
  }
  return [...faint];
}

/** Messages of errors that do not fit into the editor, wherever it is scrolled to. Runs in the page. */
async function messagesCutOff() {
  const scroller = document.querySelector("#editor .cm-scroller");
  if (!scroller?.checkVisibility()) return [];
  const cut = new Set();
  for (const left of [0, 1e6]) {
    scroller.scrollLeft = left;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const gutters = scroller.querySelector(".cm-gutters")?.getBoundingClientRect().right ?? 0;
    for (const message of scroller.querySelectorAll(".error-message")) {
      const box = message.getBoundingClientRect();
      const fits = box.left >= gutters && box.right <= scroller.getBoundingClientRect().right;
      if (!fits) cut.add(`${message.textContent} is at ${box.left} to ${box.right}, scrolled by ${left}`);
    }
  }
  scroller.scrollLeft = 0;
  return [...cut];
}

const LOOKS = {
  light: { scheme: "light", width: 1280, height: 800, scenes: Object.keys(SCENES) },
  dark: { scheme: "dark", width: 1280, height: 800, scenes: Object.keys(SCENES) },
  narrow: { scheme: "light", width: 375, height: 740, scenes: Object.keys(SCENES) },
  "narrow-dark": { scheme: "dark", width: 320, height: 640, scenes: ["begin", "deadlock"] },
};

inBrowsers(
  (browser) => {
    for (const [look, { scheme, width, height, scenes }] of Object.entries(LOOKS)) {
      test(`${look}: everything can be read and nothing is cut off`, async (t) => {
        const playground = await Playground.open(t, browser, url);
        const { page } = playground;
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await page.setViewport({ width, height });
        // Media queries tell of a change when the next frame is drawn.
        await playground.until(
          (wanted) => getComputedStyle(document.body).colorScheme === wanted,
          `the ${scheme} theme`,
          scheme,
        );
        for (const scene of scenes) {
          await SCENES[scene](playground);
          // The editor measures itself in a frame, and what it changes then is drawn in the next one.
          await page.evaluate(
            () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
          );
          await page.screenshot({ path: join(FOLDER, `${look}-${scene}.png`) });
          assert.deepEqual(await page.evaluate(faintText), [], `${scene}: contrast below 4.5`);
          assert.deepEqual(await page.evaluate(messagesCutOff), [], `${scene}: wider than the editor`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${scene}: the page is ${wide} px wide on a screen of ${width} px`);
          await page.evaluate(() => document.querySelectorAll("dialog").forEach((dialog) => dialog.close()));
          if (scene === "deadlock" || scene === "input") {
            await page.click("#stop");
            await playground.untilEnded();
          }
        }
      });
    }
  },
  ["chromium"], // the others cannot be asked for dark from here
);
