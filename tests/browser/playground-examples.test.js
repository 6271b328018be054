// The playground's examples do what they say.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { buildPlayground } from "../../scripts/playground.js";
import { alarms, Playground, PLAYGROUND, watchAlarms } from "./playground-support.js";
import { inBrowsers, serveProject } from "./support.js";

await buildPlayground();
const origin = await serveProject();

inBrowsers((browser) => {
  /**
   * Opens an example by its name and starts it.
   * @param {import("node:test").TestContext} t
   * @param {string} name
   */
  async function started(t, name) {
    const playground = await Playground.open(t, browser, `${origin}${PLAYGROUND}#example=${name}`);
    await watchAlarms(playground);
    await playground.page.click("#run");
    return playground;
  }

  /** @type {Record<string, (output: string) => void>} */
  const checks = {
    hello: (output) => {
      for (const name of ["Ada", "Grace", "Alan"]) {
        assert.equal(output.split(`from ${name}\n`).length, 6);
      }
      assert.match(output, /all threads have ended\n$/);
    },
    race: (output) => {
      const lost = [...output.matchAll(/(\d+) lost/g)].map((match) => Number(match[1]));
      assert.ok(lost[0] > 0, output);
      assert.equal(lost[1], 0);
    },
    producer: (output) => {
      assert.equal(output.match(/eats loaf/g)?.length, 12);
      assert.match(output, /Anna goes home/);
      assert.match(output, /Bert goes home/);
      assert.doesNotMatch(output, /####/); // the shelf holds three
    },
    cure: (output) => {
      assert.equal(output.match(/eats meal/g)?.length, 15);
      assert.match(output, /everybody has eaten\n$/);
    },
    pool: (output) => {
      assert.match(output, /Atlantis: no answer: it is under water/);
      assert.match(output, /asker_2 asks/);
      assert.match(output, /s of waiting took/);
    },
    barrier: (output) => {
      const huts = output.split(/-- all are at the (.*) --\n/);
      assert.deepEqual([huts[1], huts[3], huts[5]], ["valley hut", "glacier hut", "summit"]);
      for (const way of [huts[0], huts[2], huts[4]]) assert.equal(way.match(/arrives/g)?.length, 4);
    },
    mandelbrot: (output) => {
      const rows = [...output.matchAll(/drew (\d+) rows/g)].reduce((sum, match) => sum + Number(match[1]), 0);
      assert.equal(rows, 240);
    },
  };
  for (const [name, check] of Object.entries(checks)) {
    test(`the example "${name}"`, async (t) => {
      const playground = await started(t, name);
      check(await playground.untilEnded());
      assert.deepEqual(await alarms(playground), []);
      if (name === "mandelbrot") {
        const size = await playground.page.$eval("#pictures canvas", ({ width, height }) => [width, height]);
        assert.deepEqual(size, [360, 240]);
      }
    });
  }

  test('the example "deadlock" is one', async (t) => {
    const playground = await started(t, "deadlock");
    await playground.until(
      () => document.querySelector(".deadlock")?.textContent,
      "the deadlock to be named",
    );
    assert.match(await playground.text(".deadlock"), /Simone waits for lock [A-E], held by Plato\.$/);
    await playground.page.click("#stop");
    await playground.untilEnded();
  });

  test('the example "timer" asks and counts', async (t) => {
    const playground = await started(t, "timer");
    for (let number = 1; number <= 3; number++) {
      await playground.untilOutput(`${number}. How much`);
      await playground.untilAsked();
      const [a, b] =
        (await playground.text("#input label"))
          .match(/(\d) x (\d)/)
          ?.slice(1)
          .map(Number) ?? [];
      await playground.page.keyboard.type(`${number === 2 ? 0 : a * b}\n`);
    }
    const output = await playground.untilEnded();
    assert.equal(output.match(/Right!/g)?.length, 2, output);
    assert.match(output, /No, it is \d+\.\n[^]*2 of 3\n$/);
    assert.deepEqual(await alarms(playground), []);
  });
});
