// The program gets nothing of this machine that the command line does not grant.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { temporaryFolder } from "../js/support.js";
import { DIST, host, noBuild, wasmtime, WasmtimeProcess } from "./support.js";

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
  test("no mount of procfs, or of what holds it", () => {
    for (const folder of ["/proc", "/proc/self/fd", "/proc/.."]) {
      const { code, stderr } = host([`--dist=${DIST}`, `--mount=${folder}`, "-c", "1"]);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`^heddle: cannot mount ${folder}: /proc would be in reach`));
    }
  });
  test("a pipe in a mount holds nobody up", () => {
    const folder = temporaryFolder();
    spawnSync("mkfifo", [join(folder, "pipe")]);
    const program = `
import errno, os
for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):
    try:
        os.open("${folder}/pipe", flags)
        print("opened", end=" ")
    except OSError as error:
        print(error.errno == errno.ENXIO, end=" ")
`;
    assert.equal(run([`--mount=${folder}`], program), "True True True");
  });
  test("no way out of a mount: links, dots", () => {
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
    for (const line of lines)
      assert.match(line, /^(FileNotFoundError|NotADirectoryError|PermissionError|OSError)$/);
  });
  for (const [what, replace] of /** @type {[string, (folder: string, outside: string) => void][]} */ ([
    ["a folder that is moved out", (folder, outside) => renameSync(folder, join(outside, "moved"))],
    [
      "a folder that a link takes the place of",
      (folder, outside) => {
        renameSync(folder, join(outside, "moved"));
        symlinkSync(join(outside, "moved"), folder);
      },
    ],
  ])) {
    test(`no way out of a mount: ${what}`, async () => {
      const outside = temporaryFolder();
      writeFileSync(join(outside, "secret.txt"), "secret");
      const mounted = join(temporaryFolder(), "mounted");
      mkdirSync(join(mounted, "sub"), { recursive: true });
      writeFileSync(join(mounted, "sub/own.txt"), "own");
      const program = `
import os
os.chdir("sub")
print(open("own.txt").read(), flush=True)
input()
for path in ("own.txt", "../secret.txt", "./../secret.txt", ${JSON.stringify(join(mounted, "sub/../secret.txt"))}):
    try:
        print("read", path, open(path).read())
    except OSError as error:
        print(type(error).__name__)
for change in (lambda: open("new", "w"), lambda: os.mkdir("new"), lambda: os.rename("own.txt", "new")):
    try:
        print("changed", change())
    except OSError as error:
        print(type(error).__name__)
`;
      const process = new WasmtimeProcess(["-c", program], { cwd: mounted });
      await process.prints("own\n");
      replace(join(mounted, "sub"), outside);
      process.child.stdin.end("\n");
      const { code, stdout, stderr } = await process.finish();
      assert.equal(code, 0, stderr);
      const lines = stdout.trim().split("\n").slice(1);
      assert.equal(lines.length, 7);
      for (const line of lines)
        assert.match(line, /^(FileNotFoundError|NotADirectoryError|PermissionError|OSError)$/);
      assert.deepEqual(readdirSync(join(outside, "moved")), ["own.txt"]);
    });
  }
  test("no setuid, setgid or sticky files of the program's making", () => {
    const folder = temporaryFolder();
    const program = `
import os
os.umask(0)
os.chdir(${JSON.stringify(folder)})
os.close(os.open("opened", os.O_CREAT | os.O_WRONLY, 0o7755))
os.mkdir("made", 0o7755)
open("changed", "w").close()
os.chmod("changed", 0o7711)
`;
    run([`--mount=${folder}`], program);
    const modes = ["opened", "made", "changed"].map((name) => statSync(join(folder, name)).mode & 0o7777);
    assert.deepEqual(modes, [0o755, 0o755, 0o711]);
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

describe("the command's own grants", { skip: noBuild }, () => {
  const program = "import os, time; print(os.environ.get('HEDDLE_TEST_VARIABLE'), time.gmtime().tm_year)";
  const env = { HEDDLE_TEST_VARIABLE: "seen" };
  test("are the environment and the clock", async () => {
    const { stdout } = await wasmtime(["-c", program], { env });
    const [variable, year] = stdout.trim().split(" ");
    assert.equal(variable, "seen");
    assert.ok(Number(year) > 1970, year);
  });
  test("are not the environment with --no-host-env", async () => {
    const { stdout } = await wasmtime(["--no-host-env", "-c", program], { env });
    assert.match(stdout, /^None (?!1970)\d+\n$/);
  });
  test("are not the clock with --no-clock", async () => {
    const { stdout } = await wasmtime(["--no-clock", "-c", program], { env });
    assert.equal(stdout, "seen 1970\n");
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
