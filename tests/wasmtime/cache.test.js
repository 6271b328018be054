// Compiled modules are kept on disk, and a damaged one is compiled again.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";

import { temporaryFolder } from "../js/support.js";
import { DIST, host, noBuild } from "./support.js";

// (module): the least that can be compiled.
const EMPTY_MODULE = Buffer.from("0061736d01000000", "hex");

describe("the cache of compiled modules", { skip: noBuild }, () => {
  const dist = temporaryFolder();
  const caches = temporaryFolder();
  let count = 0;
  let cache = "";
  const compile = (/** @type {string[]} */ ...more) =>
    host([`--dist=${dist}`, `--cache=${cache}`, "--compile", ...more]);
  const file = (/** @type {string} */ ending) => {
    const name = readdirSync(cache).find((found) => found.endsWith(ending));
    return join(cache, String(name));
  };

  beforeEach(() => {
    cache = join(caches, `${count++}/deep`);
    writeFileSync(join(dist, "python.wasm"), EMPTY_MODULE);
    assert.equal(compile().code, 0);
  });

  test("holds the code and its sum, and nothing half-made", () => {
    assert.deepEqual(
      readdirSync(cache)
        .map((name) => name.replace(/^[0-9a-f]{32}/, ""))
        .sort(),
      [".cwasm", ".sum"],
    );
  });
  test("is used at the next start", () => {
    const { ino } = statSync(file(".cwasm"));
    assert.equal(compile().code, 0);
    assert.equal(statSync(file(".cwasm")).ino, ino);
  });
  test("is used for python.wasm too", () => {
    const python = (/** @type {string[]} */ ...args) => host([`--dist=${DIST}`, `--cache=${cache}`, ...args]);
    assert.equal(python("--compile").code, 0);
    const places = () => readdirSync(cache).map((name) => statSync(join(cache, name)).ino);
    const before = places();
    const { code, stdout, stderr } = python("-c", "print('ran')");
    assert.deepEqual([code, stdout, stderr], [0, "ran\n", ""]);
    assert.deepEqual(places(), before);
  });
  test("another module gets another place", () => {
    // A custom section "x" with nothing in it.
    writeFileSync(join(dist, "python.wasm"), Buffer.concat([EMPTY_MODULE, Buffer.from("00020178", "hex")]));
    assert.equal(compile().code, 0);
    assert.equal(readdirSync(cache).length, 4);
  });
  for (const [damage, hurt] of /** @type {[string, (path: string) => void][]} */ ([
    [
      "a changed byte",
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ["a file cut short", (path) => truncateSync(path, 100)],
    ["an empty file", (path) => truncateSync(path, 0)],
  ])) {
    test(`${damage} is found, and made good`, () => {
      const whole = readFileSync(file(".cwasm"));
      hurt(file(".cwasm"));
      assert.deepEqual(compile(), { code: 0, signal: null, stdout: "", stderr: "" });
      assert.equal(readFileSync(file(".cwasm")).length, whole.length);
      const { ino } = statSync(file(".cwasm"));
      assert.equal(compile().code, 0);
      assert.equal(statSync(file(".cwasm")).ino, ino, "it is whole again");
    });
  }
  test("a folder that cannot be written costs only time", () => {
    cache = "/proc/nowhere";
    assert.equal(compile().code, 0);
  });
  test("what an ended process left half-written is removed, what another writes is not", () => {
    const [left, written] = ["left.cwasm.1.part", "written.cwasm.2.part"].map((name) => join(cache, name));
    for (const path of [left, written]) writeFileSync(path, "half");
    utimesSync(left, 0, Date.now() / 1000 - 2 * 3600);
    const section = Buffer.from("00030178ff", "hex");
    writeFileSync(join(dist, "python.wasm"), Buffer.concat([EMPTY_MODULE, section]));
    assert.equal(compile().code, 0);
    assert.deepEqual([existsSync(left), existsSync(written)], [false, true]);
  });
  test("only some modules are kept", () => {
    for (let i = 0; i < 9; i++) {
      const section = Buffer.from(`0003017${i}00`, "hex");
      writeFileSync(join(dist, "python.wasm"), Buffer.concat([EMPTY_MODULE, section]));
      assert.equal(compile().code, 0);
    }
    assert.equal(readdirSync(cache).filter((name) => name.endsWith(".cwasm")).length, 6);
    assert.equal(readdirSync(cache).filter((name) => name.endsWith(".sum")).length, 6);
  });
});
