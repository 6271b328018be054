// The command line is split as python3.13 would split it.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseArguments, UsageError } from "../../../js/src/cli/arguments.js";

/** @type {[argv: string[], expected: Partial<import("../../../js/src/cli/arguments.js").CommandLine>][]} */
const CASES = [
  [[], { source: "stdin", pythonArgs: [] }],
  [["-"], { source: "stdin", pythonArgs: ["-"] }],
  [["-", "a", "-x"], { source: "stdin", pythonArgs: ["-", "a", "-x"], programArgs: ["a", "-x"] }],
  [
    ["a.py", "-u", "--no-host-files"],
    { source: "file", script: "a.py", programArgs: ["-u", "--no-host-files"], hostFiles: true },
  ],
  [["--no-host-files", "-u", "a.py"], { hostFiles: false, pythonArgs: ["-u", "a.py"], script: "a.py" }],
  [
    ["-c", "print(1)", "-v", "x"],
    { source: "command", pythonArgs: ["-c", "print(1)", "-v", "x"], programArgs: ["-v", "x"] },
  ],
  [["-cprint(1)", "x"], { source: "command", pythonArgs: ["-cprint(1)", "x"], programArgs: ["x"] }],
  [
    ["-Bum", "unittest", "-v"],
    { source: "module", pythonArgs: ["-Bum", "unittest", "-v"], programArgs: ["-v"] },
  ],
  [
    ["-W", "error", "-X", "dev", "a.py"],
    { pythonArgs: ["-W", "error", "-X", "dev", "a.py"], script: "a.py" },
  ],
  [["-Werror", "-Xdev", "a.py"], { pythonArgs: ["-Werror", "-Xdev", "a.py"], script: "a.py" }],
  [
    ["--check-hash-based-pycs", "never", "a.py"],
    { pythonArgs: ["--check-hash-based-pycs", "never", "a.py"], script: "a.py" },
  ],
  [["-VV"], { pythonArgs: ["-VV"], action: "python" }],
  [["--version"], { pythonArgs: ["--version"], action: "python" }],
  [["-h"], { action: "help" }],
  [["--help"], { action: "help" }],
  [["--host=wasmtime", "a.py"], { host: "wasmtime", pythonArgs: ["a.py"] }],
  [
    ["--timeout=5", "--host=wasmtime", "--no-clock", "--no-host-env", "a.py", "--timeout=6"],
    { sandbox: ["--timeout=5", "--no-clock"], hostEnvironment: false, pythonArgs: ["a.py", "--timeout=6"] },
  ],
  [
    ["--", "-strange.py", "x"],
    { script: "-strange.py", pythonArgs: ["--", "-strange.py", "x"], programArgs: ["x"] },
  ],
  [["serve", "demos", "--port=1"], { action: "serve", programArgs: ["demos", "--port=1"] }],
  [["verify"], { action: "verify", programArgs: [] }],
  [["a.py", "serve"], { action: "python", script: "a.py" }],
];

for (const [argv, expected] of CASES) {
  test(`heddle ${argv.join(" ")}`, () => {
    const line = parseArguments(argv);
    for (const [key, value] of Object.entries(expected)) {
      assert.deepEqual(line[/** @type {keyof typeof line} */ (key)], value, key);
    }
  });
}

/** @type {[argv: string[], message: RegExp][]} */
const MISTAKES = [
  [["-c"], /argument expected for the -c option/],
  [["-uW"], /argument expected for the -W option/],
  [["--check-hash-based-pycs"], /argument expected for the --check-hash-based-pycs option/],
  [["-Z"], /unknown option -Z/],
  [["--nonsense"], /unknown option --nonsense/],
  [["--max-memory=1G", "a.py"], /--max-memory=1G needs --host=wasmtime/],
  [["--no-host-env", "a.py"], /--no-host-env needs --host=wasmtime/],
  [["--host=moon"], /no such host. Use --host=node or --host=wasmtime/],
];

for (const [argv, message] of MISTAKES) {
  test(`heddle ${argv.join(" ")} says what is wrong`, () => {
    assert.throws(
      () => parseArguments(argv),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}
