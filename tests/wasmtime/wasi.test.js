// A C++ program on the core, for wasm32-wasip1-threads, under the wasmtime host and under Node.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { PROJECT, WASI_SDK } from "../../wasm/toolchain/sandbox.js";
import { temporaryFolder } from "../js/support.js";
import { host, noBuild } from "./support.js";

const DEMO = join(PROJECT, "demos/06-core-in-cpp");
const PROGRAM = join(PROJECT, "build/wasi/demos/06-core-in-cpp/core_in_cpp.wasm");
const EXPECTED = `steps of all threads, none lost: 40000
a second acquire timed out: 1
the sleep was ended by a signal: 1
the handler saw: 10
`;
const GRANTS = join(PROJECT, "build/wasi/tests/wasmtime/wasi_grants.wasm");
const noProgram =
  existsSync(PROGRAM) && existsSync(GRANTS) ? noBuild : `no ${PROGRAM}: run \`node scripts/build.js wasi\``;

describe("the core without Python", { skip: noProgram }, () => {
  test("under the wasmtime host", () => {
    const { code, stdout, stderr } = host([`--wasi=${PROGRAM}`]);
    assert.deepEqual([code, stdout, stderr], [0, EXPECTED, ""]);
  });
  test("under Node", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--no-warnings", join(DEMO, "run.mjs"), PROGRAM],
      { encoding: "utf8", timeout: 60_000 },
    );
    assert.deepEqual([status, stdout, stderr], [0, EXPECTED, ""]);
  });
});

describe(
  "the core with a wasi-sdk",
  {
    skip: noProgram || (WASI_SDK ? false : "no wasi-sdk: WASI_SDK_PATH=<folder> names one"),
  },
  () => {
    test("is compiled by it", () => {
      const ninja = readFileSync(join(PROJECT, "build/wasi/build.ninja"), "utf8");
      assert.ok(ninja.includes(`${WASI_SDK}/bin/clang++ `), "build/wasi was built without WASI_SDK_PATH");
    });
  },
);

describe("what a WASI program is granted", { skip: noProgram }, () => {
  /** @param {string[]} options @param {string[]} action */
  const run = (options, ...action) => {
    const { code, stdout, stderr } = host([`--wasi=${GRANTS}`, ...options, "--", ...action]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout.trim();
  };
  const folder = temporaryFolder();
  const path = join(folder, "file");

  test("no environment but what --env gives", () => {
    assert.equal(run([], "variable", "PATH"), "none");
    assert.equal(run(["--env=NAME=a=b"], "variable", "NAME"), "a=b");
    assert.equal(run(["--env=NAME=a=b"], "variable", "PATH"), "none");
  });
  test("no file but in a --mount", () => {
    writeFileSync(path, "text");
    assert.equal(run([], "read", path), "refused");
    assert.equal(run([`--mount=${folder}`], "read", path), "text");
    assert.equal(run([`--mount=${folder}`], "read", `${folder}/../../etc/passwd`), "refused");
    assert.equal(run([], "write", path), "refused");
    assert.equal(readFileSync(path, "utf8"), "text");
    assert.equal(run([`--mount=${folder}`], "write", path), "");
    assert.equal(readFileSync(path, "utf8"), "written");
  });
  test("no procfs, and nothing that holds one", () => {
    for (const mount of ["/proc", "/proc/self/fd", "/proc/.."]) {
      const { code, stdout, stderr } = host([`--wasi=${GRANTS}`, `--mount=${mount}`, "--", "read", "/x"]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /^heddle: cannot mount \/\S*: \/proc would be in reach, .* Name a folder without it\.$/m,
      );
    }
  });
  test("memory up to --max-memory", () => {
    assert.equal(run([], "memory", "100"), "taken");
    assert.equal(run(["--max-memory=64M"], "memory", "100"), "refused");
    assert.equal(run(["--max-memory=64M"], "memory", "30"), "taken");
  });
  test("threads up to --max-threads, as often as they end", () => {
    assert.equal(run([], "threads", "20"), "20\n20");
    assert.equal(run(["--max-threads=5"], "threads", "20"), "5\n5");
  });
  test("a trap in a thread ends it with 134 and the cause", () => {
    const { code, stderr } = host([`--wasi=${GRANTS}`, "trap", "now"]);
    assert.equal(code, 134);
    assert.match(stderr, /^heddle: fatal: a thread crashed: wasm `unreachable` instruction executed/);
  });
  for (const option of ["--cwd=/tmp", "--no-clock"]) {
    test(`usage: ${option}`, () => {
      const { code, stderr } = host([`--wasi=${GRANTS}`, option]);
      assert.equal(code, 2);
      assert.match(stderr, /goes with neither --cwd nor --no-clock/);
    });
  }
});

describe("WASI programs", { skip: noBuild }, () => {
  const folder = temporaryFolder();
  /** A module with a shared memory and a `_start` of these instructions. @param {string} body in hexadecimal */
  const module = (body) => {
    const path = join(folder, "program.wasm");
    const code = `00${body}0b`; // no locals
    const size = (/** @type {string} */ text) => (text.length / 2).toString(16).padStart(2, "0");
    const entry = `01${size(code)}${code}`;
    writeFileSync(
      path,
      Buffer.from(
        "0061736d01000000" + // the head
          "010401600000" + // types: () -> ()
          "021001" +
          "03656e76" +
          "066d656d6f7279" +
          "02030101" + // import env.memory, shared, 1 to 1 pages
          "03020100" + // one function
          "070a01065f73746172740000" + // export _start
          `0a${size(entry)}${entry}`,
        "hex",
      ),
    );
    return path;
  };

  test("that end do so with 0", () => {
    assert.deepEqual(host([`--wasi=${module("01")}`, "--no-cache"]), {
      code: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
  });
  test("that trap end with 134 and the cause", () => {
    const { code, stderr } = host([`--wasi=${module("00")}`, "--no-cache"]);
    assert.equal(code, 134);
    assert.match(stderr, /^heddle: fatal: a thread crashed: wasm `unreachable` instruction executed/);
  });
  /** The same with functions of these types, in hexadecimal, and as many results. @param {string} types */
  const typed = (types, results = 0) => {
    const path = join(folder, "typed.wasm");
    const size = (/** @type {string} */ text) => (text.length / 2).toString(16).padStart(2, "0");
    const section = (/** @type {string} */ id, /** @type {string} */ body) => `${id}${size(body)}${body}`;
    const code = `00${"4200".repeat(results)}0b`;
    writeFileSync(
      path,
      Buffer.from(
        "0061736d01000000" +
          section("01", `01${types}`) +
          section("02", "0103656e76066d656d6f727902030101") +
          section("03", "0100") +
          section("07", "01065f73746172740000") +
          section("0a", `01${size(code)}${code}`),
        "hex",
      ),
    );
    return path;
  };
  for (const [what, type, results] of /** @type {[string, string, number][]} */ ([
    ["an argument", "60017f00", 0],
    ["a result that is no integer", "6000017e", 1],
    ["forty results", `600028${"7e".repeat(40)}`, 40],
  ]))
    test(`whose _start() has ${what} end with 134 and the cause`, () => {
      const { code, signal, stderr } = host([`--wasi=${typed(type, results)}`, "--no-cache"]);
      assert.deepEqual([code, signal], [134, null], stderr);
      assert.match(stderr, /^heddle: fatal: a thread crashed: the module's _start\(\) is of another type$/m);
    });
  test("that run for ever end with --timeout", () => {
    const { code } = host([`--wasi=${module("03400c000b")}`, "--no-cache", "--timeout=0.5"]);
    assert.equal(code, 124);
  });
  test("without a shared memory are told how to be linked", () => {
    const path = join(folder, "none.wasm");
    writeFileSync(path, Buffer.from("0061736d01000000", "hex"));
    const { code, stderr } = host([`--wasi=${path}`, "--no-cache"]);
    assert.equal(code, 1);
    assert.match(stderr, /imports no shared memory: link it with --import-memory and --shared-memory/);
  });
});
