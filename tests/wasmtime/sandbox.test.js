// The program gets nothing of this machine that the command line does not grant.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { temporaryFolder } from "../js/support.js";
import { DIST, host, noBuild } from "./support.js";

/** @param {string[]} options @param {string} program */
function run(options, program) {
  const { code, stdout, stderr } = host([`--dist=${DIST}`, ...options, "-c", program]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

describe("files", { skip: noBuild }, () => {
  test("none without a mount", () => {
    assert.equal(run([], "import os; print(sorted(os.listdir('/')))"), "['dev', 'tmp', 'usr']");
  });
  test("those of a mount, to read and to write", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "in.txt"), "text");
    const program = `open('${folder}/out.txt', 'w').write(open('${folder}/in.txt').read() * 2)`;
    run([`--mount=${folder}`], program);
    assert.equal(readFileSync(join(folder, "out.txt"), "utf8"), "texttext");
  });
  test("no way out of a mount: links, dots, moved folders", () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "secret.txt"), "secret");
    const folder = join(temporaryFolder(), "mounted");
    mkdirSync(join(folder, "sub"), { recursive: true });
    symlinkSync(outside, join(folder, "absolute"));
    symlinkSync(join(outside, "secret.txt"), join(folder, "file"));
    symlinkSync("../../..", join(folder, "sub/up"));
    const program = `
import os
os.symlink(${JSON.stringify(outside)}, ${JSON.stringify(join(folder, "made"))})
os.chdir(${JSON.stringify(folder)})
paths = ["absolute/secret.txt", "file", "made/secret.txt", "../../${outside.split("/").pop()}/secret.txt",
         "sub/up${outside}/secret.txt", ${JSON.stringify(join(outside, "secret.txt"))}]
for path in paths:
    try:
        print("read", path, open(path).read())
    except OSError as error:
        print(type(error).__name__)
for path in ("absolute/new", "made/new"):
    try:
        open(path, "w").write("x"); print("wrote", path)
    except OSError as error:
        print(type(error).__name__)
`;
    const lines = run([`--mount=${folder}`], program).split("\n");
    assert.equal(lines.length, 8);
    for (const line of lines) assert.match(line, /^(FileNotFoundError|PermissionError|OSError)$/);
  });
});

describe("environment", { skip: noBuild }, () => {
  test("none without a grant", () => {
    assert.equal(run([], "import os; print(dict(os.environ))"), "{'PYTHON_BASIC_REPL': '1'}");
  });
  test("single variables, in bytes as they are", () => {
    assert.equal(
      run(
        ["--env=NAME=é=ß", "--env=EMPTY="],
        "import os; print(os.environb[b'NAME'], repr(os.environ['EMPTY']))",
      ),
      "b'\\xc3\\xa9=\\xc3\\x9f' ''",
    );
  });
});

describe("clock", { skip: noBuild }, () => {
  const program = "import time; print(int(time.time()), time.localtime().tm_year, *time.tzname)";
  test("this machine's, and its time zone", () => {
    const [seconds] = run([], program).split(" ");
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 120, seconds);
  });
  test("--no-clock starts in 1970, in UTC, and goes on from there", () => {
    const [seconds, year, ...names] = run(["--no-clock"], program).split(" ");
    assert.ok(Number(seconds) < 120, seconds);
    assert.deepEqual([year, ...names], ["1970", "UTC", "UTC"]);
  });
  test("--no-clock still sleeps", () => {
    const slept = run(
      ["--no-clock"],
      "import time; t = time.monotonic(); time.sleep(0.2); print(time.monotonic() - t >= 0.2)",
    );
    assert.equal(slept, "True");
  });
});
