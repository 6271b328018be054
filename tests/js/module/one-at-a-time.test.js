// However many requests a program makes up, one archive is fetched at a time.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { oneAtATime } from "../../../js/src/module/standard-library.js";

test("requests that come during an answer have one more together", async () => {
  let begun = 0;
  /** @type {() => void} */
  let finish = () => {};
  const ask = oneAtATime(() => {
    begun++;
    return new Promise((resolve) => (finish = () => resolve(undefined)));
  });
  const turn = () => new Promise((resolve) => void setImmediate(resolve));
  for (let i = 0; i < 1000; i++) ask();
  assert.equal(begun, 1);
  finish();
  await turn();
  assert.equal(begun, 2);
  finish();
  await turn();
  assert.equal(begun, 2);
  ask();
  assert.equal(begun, 3);
});
