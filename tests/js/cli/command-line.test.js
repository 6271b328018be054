// The heddle command takes programs and options as python3.13 does, and ends with its exit codes.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";

import { heddle, noBuild, temporaryFolder, writeIn } from "../support.js";

const folder = temporaryFolder();

describe("where the program comes from", { skip: noBuild }, () => {
  test("-c", async () => {
    const { code, stdout } = await heddle(["-c", "import sys; print(sys.argv)", "-a", "b c"]);
    assert.deepEqual([code, stdout], [0, "['-c', '-a', 'b c']\n"]);
  });
  test("a file, with its folder on sys.path", async () => {
    writeIn(folder, "helper.py", "VALUE = 42\n");
    const script = writeIn(folder, "main.py", "import helper, sys; print(helper.VALUE, sys.argv[1:])\n");
    const { code, stdout } = await heddle([script, "--x", "é"], { cwd: "/tmp" });
    assert.deepEqual([code, stdout], [0, "42 ['--x', 'é']\n"]);
  });
  test("-m", async () => {
    writeIn(folder, "tool.py", "if __name__ == '__main__': print('a module')\n");
    const { code, stdout } = await heddle(["-m", "tool"], { cwd: folder });
    assert.deepEqual([code, stdout], [0, "a module\n"]);
  });
  test("-", async () => {
    const { code, stdout } = await heddle(["-", "x"], { input: "import sys\nprint(sys.argv)\n" });
    assert.deepEqual([code, stdout], [0, "['-', 'x']\n"]);
  });
  test("piped standard input", async () => {
    const { code, stdout } = await heddle([], { input: "print('piped')\n" });
    assert.deepEqual([code, stdout], [0, "piped\n"]);
  });
  test("-i goes on with the prompt", async () => {
    const { code, stdout } = await heddle(["-q", "-i", "-c", "x = 6"], { input: "x * 7\n" });
    assert.deepEqual([code, stdout], [0, "42\n"]);
  });
});

describe("options", { skip: noBuild }, () => {
  test("-V", async () => {
    const { code, stdout } = await heddle(["-V"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Python 3\.13\.\d+\n$/);
  });
  test("-h explains files", async () => {
    const { code, stdout } = await heddle(["-h"]);
    assert.equal(code, 0);
    assert.match(stdout, /--no-host-files/);
  });
  test("-W, -X and -O reach Python", async () => {
    const { stdout } = await heddle([
      "-W",
      "error",
      "-Xdev",
      "-O",
      "-c",
      "import sys; print(sys.warnoptions, sys.flags.dev_mode, __debug__)",
    ]);
    assert.equal(stdout, "['default', 'error'] True False\n");
  });
  test("an unknown option is a usage error", async () => {
    const { code, stderr } = await heddle(["-Z"]);
    assert.equal(code, 2);
    assert.match(stderr, /unknown option -Z/);
  });
  test("the environment reaches the program", async () => {
    const { stdout } = await heddle(
      ["-c", "import os; print(os.environ['HEDDLE_X'], 'HEDDLE_CWD' in os.environ)"],
      { env: { HEDDLE_X: "y" } },
    );
    assert.equal(stdout, "y False\n");
  });
  test("the environment, arguments and the current folder beyond ASCII", async () => {
    const text = "é日🧵";
    const cwd = join(temporaryFolder(), text);
    mkdirSync(cwd);
    const program = "import os, sys; print(ascii([os.environ['HEDDLE_X'], sys.argv[1], os.getcwd()]))";
    const { stdout, stderr } = await heddle(["-c", program, text], { cwd, env: { HEDDLE_X: text } });
    const shown = "\\xe9\\u65e5\\U0001f9f5";
    assert.equal(stdout, `['${shown}', '${shown}', '${dirname(cwd)}/${shown}']\n`, stderr);
  });
});

describe("exit codes", { skip: noBuild }, () => {
  /** @type {[name: string, args: string[], code: number][]} */
  const cases = [
    ["the end of the program", ["-c", "pass"], 0],
    ["sys.exit()", ["-c", "import sys; sys.exit(7)"], 7],
    [
      "sys.exit() in an except clause",
      ["-c", "import sys\ntry: 1/0\nexcept ZeroDivisionError: sys.exit(3)"],
      3,
    ],
    ["a message in SystemExit", ["-c", "raise SystemExit('no')"], 1],
    ["an exception", ["-c", "1/0"], 1],
    ["a file that is not there", ["/nothing.py"], 2],
    ["os._exit()", ["-c", "import os; os._exit(9)"], 9],
    ["-c without a program", ["-c"], 2],
  ];
  for (const [name, args, expected] of cases) {
    test(name, async () => {
      const { code, stderr } = await heddle(args);
      assert.equal(code, expected, stderr);
    });
  }
});
