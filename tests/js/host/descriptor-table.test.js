// The table of descriptors that a program has: numbers are indices, and no descriptor is closed while it is used.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import {
  ANY_FOLDER,
  DescriptorKind,
  descriptorTable,
  newDescriptorTable,
  SLOTS,
} from "../../../js/src/host/descriptor-table.js";

function newTable() {
  /** @type {number[]} */
  const closed = [];
  return { closed, table: descriptorTable(newDescriptorTable(), (fd) => void closed.push(fd)) };
}
const FILE = DescriptorKind.file;

test("a number stands for what was added, until it is closed, and then for the next", () => {
  const { table, closed } = newTable();
  const first = table.add(71, FILE);
  const second = table.add(72, DescriptorKind.folder);
  assert.deepEqual([first, second], [0, 1]);
  assert.equal(
    table.use(first, FILE, (fd) => fd),
    71,
  );
  assert.equal(table.close(first), true);
  assert.equal(table.close(first), false);
  assert.equal(
    table.use(first, FILE, (fd) => fd),
    undefined,
  );
  assert.equal(table.add(73, FILE), first);
  assert.deepEqual(closed, [71]);
});

test("a number of the other kind, and one that is no index, stand for nothing", () => {
  const { table } = newTable();
  table.add(71, FILE);
  table.add(72, DescriptorKind.folder);
  const numbers = [-1, 2, 71, SLOTS - 1, SLOTS, 2 ** 31, 2 ** 32, 2 ** 53, 0.5, NaN, Infinity, -Infinity];
  for (const number of numbers) {
    assert.equal(
      table.use(number, FILE | ANY_FOLDER, () => "used"),
      undefined,
      `${number}`,
    );
    assert.equal(table.close(number), false, `${number}`);
  }
  assert.equal(
    table.use(0, ANY_FOLDER, () => "used"),
    undefined,
  );
  assert.equal(
    table.use(1, FILE, () => "used"),
    undefined,
  );
});

test("a mount cannot be closed by its number", () => {
  const { table, closed } = newTable();
  table.add(71, DescriptorKind.mount);
  assert.equal(table.close(0), false);
  table.closeAll();
  assert.deepEqual(closed, [71]);
});

test("what is used is closed after its last use, also when that throws", () => {
  const { table, closed } = newTable();
  table.add(71, FILE);
  assert.throws(
    () =>
      table.use(0, FILE, () => {
        assert.equal(table.close(0), true);
        assert.deepEqual(closed, []);
        assert.equal(
          table.use(0, FILE, () => "joined"),
          undefined,
        );
        throw new Error("of the call");
      }),
    /of the call/,
  );
  assert.deepEqual(closed, [71]);
});

test("a full table says so, and has room again", () => {
  const { table, closed } = newTable();
  for (let i = 0; i < SLOTS; i++) assert.equal(table.add(i, FILE), i);
  assert.equal(table.add(9999, FILE), -1);
  table.close(17);
  assert.equal(table.add(9999, FILE), 17);
  table.closeAll();
  assert.equal(closed.length, SLOTS + 1);
});

// Four workers open, use and close at random. A model of the system's descriptors says whether a call ever ran on one
// that was not open, or that had been given to another slot meanwhile.
test("no call runs on a descriptor that was closed or given away, whatever the workers do", async () => {
  const WORKERS = 4;
  const shared = {
    table: newDescriptorTable(),
    model: new SharedArrayBuffer(4096),
    errors: new SharedArrayBuffer(8),
  };
  const url = new URL("descriptor-table-worker.js", import.meta.url);
  const workers = Array.from(
    { length: WORKERS },
    (_, seed) => new Worker(url, { workerData: { ...shared, seed, rounds: 100_000 } }),
  );
  const codes = workers.map((worker) => new Promise((resolve) => worker.on("exit", resolve)));
  const late = setTimeout(() => {
    for (const worker of workers) void worker.terminate();
  }, 60_000);
  assert.deepEqual(await Promise.all(codes), [0, 0, 0, 0]);
  clearTimeout(late);
  const [errors, uses] = new Int32Array(shared.errors);
  assert.equal(errors, 0);
  assert.ok(uses > 1000, `${uses} uses`);
});
