// The output pump: everything in order, nothing lost in a rest, and not woken for each line.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { OutputPump } from "../../../js/src/console/output-pump.js";

/**
 * A console, a host whose next task comes when the test says so, and what the pump handed over.
 * Time stands still but for pass().
 * @param {import("node:test").TestContext} t
 * @param {() => void} [onReceived]
 */
function pumpOnDemand(t, onReceived) {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  /** @type {string[]} */
  const ring = [];
  /** @type {string[]} */
  const received = [];
  /** @type {(() => void)[]} */
  const tasks = [];
  const host = { nextTask: () => new Promise((resolve) => void tasks.push(() => resolve(undefined))) };
  let thread = 0; // another one for each, or they are joined
  const calls = {
    takeOutput() {
      const text = ring.shift();
      return text === undefined
        ? undefined
        : { stream: 1, thread: ++thread, bytes: new TextEncoder().encode(text) };
    },
  };
  const pump = new OutputPump(/** @type {any} */ (host), /** @type {any} */ (calls), ({ bytes }) => {
    received.push(new TextDecoder().decode(bytes));
    onReceived?.();
  });
  return {
    pump,
    received,
    /** A thread writes; the console announces it. @param {string} text */
    write(text) {
      ring.push(text);
      pump.wake();
    },
    /** @param {number} ms */
    pass(ms) {
      now += ms;
    },
    /** The host thread's other events have had their turn. */
    async nextTask() {
      tasks.shift()?.();
      await new Promise((resolve) => void setImmediate(resolve));
    },
    get waiting() {
      return tasks.length;
    },
  };
}

test("hands the first line over at once, and what comes in the rest together after it", async (t) => {
  const { pump, received, write, nextTask } = pumpOnDemand(t);
  write("first");
  assert.deepEqual(received, ["first"]);
  await pump.finish();
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
  for (const line of lines) write(line);
  assert.deepEqual(received, ["first"]);
  await nextTask();
  assert.deepEqual(received, ["first", ...lines]);
});

test("rests only as long as there is something, and is woken again afterwards", async (t) => {
  const all = pumpOnDemand(t);
  all.write("first");
  await all.pump.finish();
  assert.equal(all.waiting, 1);
  await all.nextTask(); // finds nothing
  assert.equal(all.waiting, 0);
  all.write("second");
  assert.deepEqual(all.received, ["first", "second"]);
});

test("look() and finish() do not wait for the end of a rest", async (t) => {
  const { pump, received, write } = pumpOnDemand(t);
  write("first");
  await pump.finish();
  write("What is your name? ");
  pump.look();
  assert.deepEqual(received, ["first", "What is your name? "]);
  write("last");
  await pump.finish();
  assert.equal(received.at(-1), "last");
});

test("drain() hands over at once, also while other events have their turn", async (t) => {
  const { pump, received, write, pass } = pumpOnDemand(t, () => pass(20)); // longer than the host thread is kept at it
  write("slow");
  write("What is your name? ");
  assert.deepEqual(received, ["slow"]);
  pump.drain();
  assert.deepEqual(received, ["slow", "What is your name? "]);
});

test("drain() ends, however fast threads write", (t) => {
  const piece = "x".repeat(64 * 1024);
  const { pump, received, write, pass } = pumpOnDemand(t, () => {
    pass(1);
    if (received.length < 5000) write(piece);
  });
  write(piece);
  pump.drain();
  assert.ok(received.length < 5000, `${received.length} pieces`);
});
