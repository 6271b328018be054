// The runner of CPython's tests: what it says of a module that hangs.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { processRunner, runModule } from "../../cpython/runners.js";
import { heddle } from "../../python/interpreters.js";

const STUCK = `
import os, unittest

class StuckTests(unittest.TestCase):
    def test_ends(self):
        with self.subTest("of a test that ended"):
            self.fail("this test is over")

    def test_waits(self):
        reader, writer = os.pipe()
        with self.subTest("the one that should write"):
            raise ImportError("no writer today")
        os.dup2(writer, 2)
        os.read(reader, 1)
`;

/** What report.py needs of CPython's \`test\` package, and a module. */
const FILES = {
  "test/__init__.py": "",
  "test/support/__init__.py": "def set_memlimit(limit): pass\n",
  "test/support/socket_helper.py": "",
  "test/test_stuck.py": STUCK,
};

test("a module that hangs is told with its failed subtests and the lines of its threads", async (t) => {
  const lib = mkdtempSync(join(tmpdir(), "heddle-lib-"));
  t.after(() => rmSync(lib, { recursive: true }));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(lib, path)), { recursive: true });
    writeFileSync(join(lib, path), text);
  }
  const interpreter = heddle();
  const command = [...interpreter.command, `--mount=${lib}`];
  const runner = processRunner({ ...interpreter, command }, lib, "node");
  const { results, trouble = "" } = await runModule(runner, "test.test_stuck", { deadlineS: 10 });

  assert.deepEqual(
    results.map(({ id, outcome }) => [id, outcome]),
    [["test.test_stuck.StuckTests.test_ends", "fail"]],
  );
  assert.match(
    trouble,
    /no end within 10 s, 1 tests done, running: test\.test_stuck\.StuckTests\.test_waits\n/,
  );
  assert.match(trouble, /error before that in .*test_waits.* \[the one that should write\]/);
  assert.match(trouble, /ImportError: no writer today/);
  assert.match(trouble, /test_stuck\.py", line \d+ in test_waits/);
  assert.doesNotMatch(trouble, /this test is over/);
});
