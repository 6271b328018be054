// What a program may reach of Node's files: names in its mounts, never through a link, whatever it asks for.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";

import { SLOTS } from "../../../js/src/host/descriptor-table.js";
import { Errno, OpenFlag } from "../../../js/src/module/host-layout.js";

const top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "heddle-guest-")));
after(() => fs.rmSync(top, { recursive: true }));

const name = (/** @type {string} */ text) => Buffer.from(text, "latin1");
const { read, write, create, exclusive, truncate } = OpenFlag;

for (const way of ["by descriptors", "by paths"]) {
  describe(`Files, ${way}`, () => {
    if (way === "by paths") process.env.HEDDLE_NO_PROC = "1";
    else delete process.env.HEDDLE_NO_PROC;
    const root = join(top, way.replace(" ", "-"));
    const inside = join(root, "inside");
    const outside = join(root, "outside");
    /** @type {any} */
    let files;
    /** @type {() => void} */
    let release;

    beforeEach(async () => {
      release?.();
      fs.rmSync(root, { recursive: true, force: true });
      for (const folder of ["inside/sub/deep", "outside"])
        fs.mkdirSync(join(root, folder), { recursive: true });
      for (const file of ["inside/a.txt", "inside/sub/b.txt", "outside/secret"])
        fs.writeFileSync(join(root, file), file);
      fs.symlinkSync("../outside", join(inside, "out"));
      fs.symlinkSync(join(outside, "secret"), join(inside, "secret"));
      if (way === "by paths") process.env.HEDDLE_NO_PROC = "1";
      else delete process.env.HEDDLE_NO_PROC;
      const { grantFolders } = await import("../../../js/src/host/folder-grant.js");
      const { guestFiles } = await import("../../../js/src/host/guest-files.js");
      const grant = grantFolders([inside]);
      assert.ok(grant);
      assert.equal(grant.lent.paths !== undefined, way === "by paths");
      release = grant.release;
      files = guestFiles(fs, grant.lent, false);
    });
    after(() => release());

    /** @param {number} fd */
    function contentOf(fd) {
      const bytes = Buffer.alloc(100);
      const size = files.pread(fd, bytes, 0);
      return size < 0 ? size : bytes.toString("latin1", 0, size);
    }

    test("a file is made, written, read, listed, renamed and removed", () => {
      const fd = files.open(0, name("n\xff"), read | write | create | exclusive, 0o640);
      assert.equal(files.pwrite(fd, name("hello"), 0), 5);
      assert.equal(contentOf(fd), "hello");
      assert.equal(files.ftruncate(fd, 2), 0);
      assert.equal(files.fsync(fd), 0);
      assert.equal(files.fstat(fd).size, 2);
      assert.equal(files.close(fd), 0);
      assert.equal(files.stat(0, name("n\xff")).mode & 0o777, 0o640);
      assert.ok(files.readdir(0).includes(name("n\xff\0f")));
      assert.equal(files.mkdir(0, name("new"), 0o755), 0);
      const folder = files.openFolder(0, name("new"));
      assert.equal(files.rename(0, name("n\xff"), folder, name("moved")), 0);
      assert.equal(files.chmod(folder, name("moved"), 0o600), 0);
      assert.equal(files.utimes(folder, name("moved"), 5000, 7000.5), 0);
      assert.equal(files.stat(folder, name("moved")).mtimeMs, 7000.5);
      assert.equal(files.stat(folder, name("moved")).mode & 0o777, 0o600);
      assert.equal(files.rmdir(0, name("new")), -Errno.ENOTEMPTY);
      assert.equal(files.unlink(folder, name("moved")), 0);
      assert.equal(files.rmdir(0, name("new")), 0);
      assert.equal(files.symlink(name("a.txt"), 0, name("link")), 0);
      assert.equal(files.readlink(0, name("link")).toString(), "a.txt");
      assert.equal(files.utimes(0, name("."), 5000, 6000), 0);
      assert.equal(fs.statSync(inside).mtimeMs, 6000);
    });

    const NO_NAMES = [
      "",
      "..",
      "/",
      "/etc/passwd",
      "../outside",
      "sub/b.txt",
      "a.txt/",
      "..\0x",
      "a.txt\0",
      "\0",
    ];
    for (const bad of NO_NAMES) {
      test(`${JSON.stringify(bad)} is no name`, () => {
        const n = name(bad);
        const calls = [
          () => files.open(0, n, read, 0),
          () => files.open(0, n, read | write | create, 0o644),
          () => files.openFolder(0, n),
          () => files.stat(0, n),
          () => files.mkdir(0, n, 0o755),
          () => files.rmdir(0, n),
          () => files.unlink(0, n),
          () => files.rename(0, n, 0, name("x")),
          () => files.rename(0, name("a.txt"), 0, n),
          () => files.symlink(name("x"), 0, n),
          () => files.readlink(0, n),
          () => files.chmod(0, n, 0o777),
          () => files.utimes(0, n, 0, 0),
        ];
        for (const call of calls) assert.equal(call(), -Errno.EINVAL, String(call));
      });
    }

    test("Windows' separators are no names there", async () => {
      const { guestFiles } = await import("../../../js/src/host/guest-files.js");
      const { grantFolders } = await import("../../../js/src/host/folder-grant.js");
      const grant = grantFolders([inside]);
      assert.ok(grant);
      const there = guestFiles(fs, grant.lent, true);
      for (const bad of ["..\\outside", "C:", "a.txt:stream"])
        assert.equal(there.stat(0, name(bad)), -Errno.EINVAL);
      grant.release();
    });

    test("links are followed by no call", () => {
      const before = fs.lstatSync(join(outside, "secret"));
      for (const link of ["out", "secret"]) {
        for (const flags of [read, write, read | write | create, write | truncate])
          assert.ok([-Errno.ELOOP, -Errno.EMLINK].includes(files.open(0, name(link), flags, 0o644)), link);
        assert.ok([-Errno.ELOOP, -Errno.ENOTDIR].includes(files.openFolder(0, name(link))), link);
        assert.ok(files.chmod(0, name(link), 0o777) < 0);
        assert.ok(files.stat(0, name(link)).isSymbolicLink());
      }
      assert.equal(files.symlink(join(outside, "made"), 0, name("dangling")), 0);
      assert.ok(files.open(0, name("dangling"), write | create, 0o644) < 0);
      assert.equal(files.utimes(0, name("secret"), 0, 0), 0); // of the link itself
      const after = fs.lstatSync(join(outside, "secret"));
      for (const key of /** @type {const} */ (["ino", "mode", "size", "mtimeMs", "ctimeMs"]))
        assert.equal(after[key], before[key], key);
      assert.deepEqual(fs.readdirSync(outside), ["secret"]);
    });

    test("a folder stays the one that was opened, when a link takes its place", () => {
      const sub = files.openFolder(0, name("sub"));
      fs.renameSync(join(inside, "sub"), join(inside, "elsewhere"));
      fs.symlinkSync("../outside", join(inside, "sub"));
      assert.ok(files.open(sub, name("secret"), read, 0) < 0);
      assert.ok(files.open(sub, name("made"), write | create, 0o644) !== 0);
      assert.ok(!fs.existsSync(join(outside, "made")));
      if (way === "by descriptors")
        assert.equal(contentOf(files.open(sub, name("b.txt"), read, 0)), "inside/sub/b.txt");
      else assert.equal(files.readdir(sub), -Errno.ELOOP);
    });

    test("a folder that was renamed by the program itself is found", () => {
      const deep = files.openFolder(files.openFolder(0, name("sub")), name("deep"));
      fs.writeFileSync(join(inside, "sub/deep/c.txt"), "deep");
      assert.equal(files.rename(0, name("sub"), 0, name("renamed")), 0);
      assert.equal(contentOf(files.open(deep, name("c.txt"), read, 0)), "deep");
    });

    test("the folder itself is a name, and another number of it", () => {
      const again = files.openFolder(0, name("."));
      assert.equal(contentOf(files.open(again, name("a.txt"), read, 0)), "inside/a.txt");
      assert.equal(files.close(again), 0);
      assert.ok(files.stat(0, name(".")).isDirectory());
    });

    test("numbers are indices, and folders and files are not the same", () => {
      const fd = files.open(0, name("a.txt"), read, 0);
      for (const number of [-1, 1000, 2 ** 31, 2 ** 32 - 1, NaN]) {
        assert.equal(files.fstat(number), -Errno.EBADF);
        assert.equal(files.close(number), -Errno.EBADF);
        assert.equal(files.pread(number, Buffer.alloc(1), 0), -Errno.EBADF);
        assert.equal(files.open(number, name("a.txt"), read, 0), -Errno.EBADF);
      }
      assert.equal(files.open(fd, name("a.txt"), read, 0), -Errno.EBADF);
      assert.equal(files.pread(0, Buffer.alloc(1), 0), -Errno.EBADF);
      assert.equal(files.close(0), -Errno.EBADF); // the mount
      assert.ok(files.stat(0, name("a.txt")).isFile());
    });

    test("no file of the program's has a set-user-id bit", () => {
      files.close(files.open(0, name("s"), write | create, 0o6755));
      files.mkdir(0, name("d"), 0o7777);
      files.chmod(0, name("a.txt"), 0o4777);
      for (const file of ["s", "d", "a.txt"])
        assert.equal(fs.statSync(join(inside, file)).mode & 0o7000, 0, file);
    });

    test("a pipe does not hold its opener up", () => {
      execFileSync("mkfifo", [join(inside, "pipe")]);
      for (const flags of [read, write, read | write]) {
        const number = files.open(0, name("pipe"), flags, 0);
        if (number >= 0) files.close(number);
      }
    });

    test("too many open files are an error, and nothing is lost", () => {
      const numbers = [];
      for (let number; (number = files.open(0, name("a.txt"), read, 0)) >= 0;) numbers.push(number);
      assert.ok(numbers.length > 1000 && numbers.length < SLOTS, String(numbers.length));
      assert.equal(files.openFolder(0, name("sub")), -Errno.EMFILE);
      files.close(numbers[5]);
      assert.equal(contentOf(files.open(0, name("a.txt"), read, 0)), "inside/a.txt");
    });

    test("offsets and sizes that are none are errors", () => {
      const fd = files.open(0, name("a.txt"), read | write, 0);
      for (const size of [NaN, Infinity, -5, 0.5, 2 ** 70]) {
        const result = files.ftruncate(fd, size);
        assert.ok(Number.isInteger(result), `${size}: ${result}`);
        assert.ok(Number.isInteger(files.pread(fd, Buffer.alloc(1), size)), `${size}`);
      }
    });
  });
}
