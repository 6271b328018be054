// Parts of the playground that need no page: deadlocks, links, the words for how a program ended.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { circlesOfWaits, describeCircle } from "../../demos/playground/deadlock.js";
import { describeEnding, describeError } from "../../demos/playground/endings.js";
import { formatSize } from "../../demos/playground/files.js";
import { libraryWait } from "../../demos/playground/library-waits.js";
import { codeIn, linkFor } from "../../demos/playground/share.js";

/**
 * @param {number} ident
 * @param {number | null} heldBy
 * @param {string} kind
 * @param {number | null} left
 * @returns {any}
 */
function thread(ident, heldBy, kind = "lock", left = null) {
  const waitingOn = kind === "" ? null : { kind, address: ident };
  return { ident, name: `t${ident}`, waitingOn, heldBy, since: 1000, left };
}

const names = (/** @type {any[]} */ threads) =>
  circlesOfWaits(threads).map((circle) => circle.map(({ name }) => name));

test("circles of waits are found, each once, and nothing else is", () => {
  assert.deepEqual(names([]), []);
  assert.deepEqual(names([thread(1, 2), thread(2, null, "")]), []);
  assert.deepEqual(names([thread(1, null), thread(2, 9)]), []); // a holder that is not known, or has ended
  assert.deepEqual(names([thread(1, 2), thread(2, 1)]), [["t1", "t2"]]);
  assert.deepEqual(names([thread(3, 1), thread(1, 2), thread(2, 1)]), [["t1", "t2"]]); // 3 waits, but is in none
  assert.deepEqual(names([thread(1, 1)]), [["t1"]]);
  assert.deepEqual(names([thread(1, 2), thread(2, 1), thread(3, 4), thread(4, 3)]), [
    ["t1", "t2"],
    ["t3", "t4"],
  ]);
});

test("a wait with a time limit is in no circle", () => {
  assert.deepEqual(names([thread(1, 2), thread(2, 1, "lock", 5000)]), []);
  assert.deepEqual(names([thread(1, 1, "lock", 5000)]), []);
});

test("who waits for a lock of its own is stuck only if nobody can release it", () => {
  const stuck = thread(1, 1);
  assert.deepEqual(names([stuck, thread(2, 1), thread(3, null, "condition")]), [["t1"]]);
  assert.deepEqual(names([stuck, thread(2, null, "")]), []);
  assert.deepEqual(names([stuck, thread(2, null, "sleep", 100)]), []);
  assert.deepEqual(names([stuck, thread(2, null, "io")]), []);
  assert.deepEqual(names([stuck, thread(2, null, "condition", 100)]), []);
});

test("a wait inside the library is told by what it is for", () => {
  const call = (/** @type {string} */ name, filename = "/usr/local/lib/python313.zip/threading.py") => ({
    name,
    filename,
    line: 1,
  });
  const own = call("Event.wait", "/home/user/main.py");
  assert.equal(libraryWait([own, call("Event.wait"), call("Condition.wait")]), "an event");
  assert.equal(libraryWait([own, call("Queue.get"), call("Condition.wait")]), "an item of a queue");
  assert.equal(libraryWait([call("Timer.run"), call("Event.wait"), call("Condition.wait")]), "its time");
  assert.equal(libraryWait([call("Timer.run"), own, call("Condition.wait")]), undefined);
  assert.equal(libraryWait([own]), undefined);
  assert.equal(libraryWait([]), undefined);
});

test("a deadlock is told in a sentence", () => {
  const [circle] = circlesOfWaits([thread(1, 2), thread(2, 1, "thread")]);
  assert.equal(
    describeCircle(circle, () => "lock A"),
    "Deadlock: t1 waits for lock A, held by t2; t2 waits for t1 to end.",
  );
  assert.equal(
    describeCircle(circlesOfWaits([thread(1, 1)])[0], () => "lock A"),
    "Deadlock: t1 waits for lock A, held by itself.",
  );
});

test("a program survives its way through a link; a damaged one is refused", async () => {
  for (const code of ["", "print(1)\n", "# ü 世界 🧵\n".repeat(500)]) {
    const link = new URL(await linkFor(code, "https://example.org/play/?a=1#old"));
    assert.equal(link.search, "?a=1");
    assert.match(link.hash, /^#code=[\w-]*$/);
    assert.equal(await codeIn(link.hash), code);
  }
  assert.equal(await codeIn("#example=race"), undefined);
  const whole = new URL(await linkFor("print('whole')".repeat(50), "https://example.org/")).hash;
  await assert.rejects(codeIn(whole.slice(0, -9)), /This link is not whole/);
  await assert.rejects(codeIn("#code=%%%"), /This link is not whole/);
});

test("sizes are written for people", () => {
  assert.deepEqual([0, 999, 2048, 12345, 3_400_000].map(formatSize), [
    "0 B",
    "999 B",
    "2.0 kB",
    "12 kB",
    "3.4 MB",
  ]);
});

test("how a program ended is told in words", () => {
  const frames = [
    { filename: "main.py", line: 3 },
    { filename: "/usr/lib/x.py", line: 9 },
  ];
  const error = { type: "ValueError", message: "no", frames };
  /** @type {[import("../../demos/playground/engine.js").Ending, string, string?][]} */
  const endings = [
    [{ how: "finished", seconds: 2 }, "Finished in 2.00 s"],
    [
      { how: "finished", seconds: 12.34, threadsLeft: 1 },
      "Finished in 12.3 s",
      "(1 thread was ended with the program)",
    ],
    [{ how: "raised", seconds: 1, error }, "ValueError in line 3"],
    [{ how: "raised", seconds: 1, error: { type: "SystemExit" } }, "SystemExit"],
    [{ how: "stopped", seconds: 75 }, "Stopped after 1 min 15 s", "Stopped."],
    [
      { how: "stopped", seconds: 1, error, threadsLeft: 2 },
      "Stopped after 1.00 s",
      "Stopped at main.py:3; 2 threads were ended.",
    ],
    [
      { how: "died", seconds: 1, error: new Error("Python exited with code 3. Call loadPython() again.") },
      "Python ended; a fresh one is there",
      "Python exited with code 3. A fresh Python is there; files were kept.",
    ],
    [
      { how: "closed", seconds: 1 },
      "Python was closed after 1.00 s; a fresh one is there",
      "Python was closed while the program ran; a fresh one is there. Files were kept.",
    ],
  ];
  for (const [ending, status, note] of endings) {
    assert.deepEqual({ note: undefined, ...describeEnding(ending) }, { status, note });
  }
});

test("an error is told in one line, without the place that it has otherwise", () => {
  assert.equal(describeError({ type: "ValueError", message: "a\nb" }), "ValueError: a");
  assert.equal(describeError({ type: "KeyboardInterrupt", message: "" }), "KeyboardInterrupt");
  assert.equal(
    describeError({ type: "SyntaxError", message: "'(' was never closed (main.py, line 2)" }),
    "SyntaxError: '(' was never closed",
  );
});
