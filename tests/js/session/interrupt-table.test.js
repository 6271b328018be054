// Every blocking call, and what a signal from the host does to it: as bench/interrupts.js, untimed.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { COLUMNS, InterruptTable } from "./interrupt-table.js";
import { chosenSeed } from "../random.js";
import { DIST, noBuild } from "../support.js";

const TRIES = 5;

describe("the main thread, stopped by the host", { skip: noBuild }, async () => {
  const seed = chosenSeed();
  /** @type {InterruptTable | undefined} a new one after a failure */
  let table;
  const rows = noBuild ? [] : (table = await InterruptTable.open(seed, DIST)).rows;
  after(() => table?.close());

  for (const row of rows) {
    for (const column of COLUMNS) {
      test(`${row.title}: ${column.title}`, async (t) => {
        t.diagnostic(`HEDDLE_SEED=${seed}`);
        table ??= await InterruptTable.open(seed, DIST);
        try {
          for (let i = 0; i < TRIES; i++) assert.ok((await table.attempt(row, column)) >= -1);
        } catch (error) {
          await table.close();
          table = undefined;
          throw error;
        }
      });
    }
  }
});
