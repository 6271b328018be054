// A soak: 2,000 interrupts at random moments into a program of eight threads; nothing may get lost.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { chosenSeed, randomFrom } from "../random.js";
import { noBuild, testPython, until, within } from "../support.js";

const INTERRUPTS = Number(process.env.HEDDLE_SOAK_INTERRUPTS) || 2_000;
const SIGUSR1 = 10;
const LONGEST_PAUSE_MS = 8;
// Now and then several come at once.
const BURST_SHARE = 0.1;

test("2,000 interrupts lose no lock, no item and no line", { skip: noBuild }, async (t) => {
  const seed = chosenSeed();
  t.diagnostic(`HEDDLE_SEED=${seed}`);
  const random = randomFrom(seed);
  /** @type {Map<number, string>} what each thread printed */
  const texts = new Map();
  const py = await testPython(t, {
    files: { "/home/user/soak.py": readFileSync(new URL("interrupt-soak.py", import.meta.url), "utf8") },
    stdout: (text, thread) => texts.set(thread, (texts.get(thread) ?? "") + text),
  });
  await py.run("import soak; soak.begin()");

  let takingPart = true;
  let escaped = 0;
  const part = (async () => {
    while (takingPart) {
      await py.run("soak.take_part()").then(
        () => (takingPart = false),
        (error) => {
          if (error.type !== "KeyboardInterrupt") throw error;
          escaped += 1;
        },
      );
    }
  })();
  const interrupts = (async () => {
    for (let i = 0; i < INTERRUPTS; i++) {
      py.interrupt();
      if (random() < BURST_SHARE) continue;
      await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_PAUSE_MS));
    }
    py.interrupt(SIGUSR1);
  })();
  await within(py, Promise.all([part, interrupts]));

  const alive = new Set(py.threads().map(({ ident }) => ident));
  for (const { name, heldBy } of py.threads()) {
    assert.ok(
      heldBy === null || alive.has(heldBy),
      `${name} waits for a lock of thread ${heldBy}, which is gone`,
    );
  }
  const lines = await within(py, py.run("soak.leave(); dict(soak.printed)"));
  assert.deepEqual(await within(py, py.run("soak.check()")), []);
  // print() writes piece by piece: what an interrupt left of the main thread's line goes out with the next line.
  const whole = /^(?:main \d*)*[a-z]+-\d (\d+)$/;
  for (const [thread, count] of lines) {
    const numbers = (texts.get(thread) ?? "").split("\n").map((line) => whole.exec(line)?.[1]);
    assert.deepEqual(numbers, [...Array.from({ length: count }, (_, n) => String(n)), undefined]);
  }
  assert.equal(lines.size, 8);
  const [caught, rounds, taken] = await py.run("[soak.caught, soak.rounds, len(soak.taken)]");
  t.diagnostic(`${caught} caught, ${escaped} escaped the loop; ${rounds} rounds, ${taken} items taken`);
  assert.ok(caught > INTERRUPTS / 10 && rounds > 0 && taken > 0, "the main thread hardly took part");

  await until(py, () => py.threads().length === 1);
  assert.equal(await within(py, py.run("print('next'); sum(range(10))")), 45);
  assert.ok([...texts.values()].some((text) => text.endsWith("next\n")));
});
