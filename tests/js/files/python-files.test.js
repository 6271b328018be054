// py.fs and hostFolders: the files that Python sees.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { FileError } from "../../../js/src/index.js";
import { noBuild, temporaryFolder, testPython } from "../support.js";

const options = { skip: noBuild };

describe("fs", options, () => {
  test("reads and writes what Python sees", async (t) => {
    const py = await testPython(t);
    await py.fs.mkdir("/home/user/a/b", { recursive: true });
    await py.fs.writeFile("/home/user/a/b/c.txt", "é");
    assert.equal(await py.run("open('a/b/c.txt', encoding='utf-8').read()"), "é");
    await py.run("with open('a/b/d.bin', 'wb') as f: f.write(bytes(range(256)) * 1000)");
    assert.equal((await py.fs.readFile("/home/user/a/b/d.bin")).length, 256_000);
    assert.equal(await py.fs.readFile("/home/user/a/b/c.txt", "utf8"), "é");
    assert.deepEqual(await py.fs.readdir("/home/user/a/b"), ["c.txt", "d.bin"]);
    const { isFile, isDirectory, size, mtime } = await py.fs.stat("/home/user/a/b/c.txt");
    assert.deepEqual([isFile, isDirectory, size], [true, false, 2]);
    assert.ok(Math.abs(mtime.getTime() - Date.now()) < 60_000);
    await py.fs.rename("/home/user/a/b/c.txt", "/home/user/e.txt");
    assert.equal(await py.fs.exists("/home/user/a/b/c.txt"), false);
    await py.fs.unlink("/home/user/e.txt");
    await py.fs.unlink("/home/user/a/b/d.bin");
    await py.fs.rmdir("/home/user/a/b");
    assert.deepEqual(await py.fs.readdir("/home/user/a"), []);
  });

  test("says what went wrong", async (t) => {
    const py = await testPython(t);
    /** @type {[Promise<any>, string][]} */
    const failures = [
      [py.fs.readFile("/nothing"), "ENOENT"],
      [py.fs.readFile("/home"), "EISDIR"],
      [py.fs.readdir("/nothing"), "ENOENT"],
      [py.fs.mkdir("/home"), "EEXIST"],
      [py.fs.rmdir("/home"), "ENOTEMPTY"],
    ];
    for (const [promise, code] of failures) {
      const error = await promise.catch((it) => it);
      assert.ok(error instanceof FileError);
      assert.equal(error.code, code, error.message);
    }
  });

  test("hostFolders are read and written", async (t) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "in.txt"), "from the host");
    const py = await testPython(t, { hostFolders: [{ path: "/mnt/data", hostPath: folder }] });
    assert.equal(
      await py.run("open('/mnt/data/out.txt', 'w').write('x'); open('/mnt/data/in.txt').read()"),
      "from the host",
    );
    assert.equal(await py.fs.readFile(`/mnt/data/out.txt`, "utf8"), "x");
  });
});
