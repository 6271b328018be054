// py.fs and hostFolders: the files that Python sees.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { FileError, OptionError } from "../../../js/src/index.js";
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

  test("refuses a path with a NUL: what stands before it is another file", async (t) => {
    const py = await testPython(t);
    await py.fs.writeFile("/tmp/safe.txt", "as it was");
    const path = "/tmp/safe.txt\0.png";
    for (const call of [
      py.fs.readFile(path),
      py.fs.writeFile(path, "x"),
      py.fs.mkdir(path),
      py.fs.mkdir(path, { recursive: true }),
      py.fs.readdir(path),
      py.fs.stat(path),
      py.fs.exists(path),
      py.fs.unlink(path),
      py.fs.rmdir(path),
      py.fs.rename(path, "/tmp/other.txt"),
      py.fs.rename("/tmp/safe.txt", path),
    ]) {
      await assert.rejects(call, { name: "FileError", code: "EINVAL", path, message: /NUL/ });
    }
    assert.deepEqual(await py.fs.readdir("/tmp"), ["safe.txt"]);
    assert.equal(await py.fs.readFile("/tmp/safe.txt", "utf8"), "as it was");
  });

  test("refuses arguments of a wrong type, by name", async (t) => {
    const py = await testPython(t);
    /** @type {any} */
    const { fs } = py;
    for (const path of [5, null, undefined, ["/tmp"], {}]) {
      for (const method of ["readFile", "mkdir", "readdir", "stat", "exists", "unlink", "rmdir"]) {
        await assert.rejects(fs[method](path), {
          name: "OptionError",
          message: /the path is .*Give a string/,
        });
      }
      await assert.rejects(fs.writeFile(path, "x"), OptionError);
      await assert.rejects(fs.rename("/tmp/a", path), OptionError);
    }
    for (const content of [5, null, undefined, ["x"], {}, true]) {
      const message = /fs\.writeFile\(\): content is /;
      await assert.rejects(fs.writeFile("/tmp/a", content), { name: "OptionError", message });
    }
    for (const options of [null, 5, true, { recursive: 1 }, { recursive: null }, { recursiv: true }]) {
      const message = /fs\.mkdir\(\): (options|recursiv)/;
      await assert.rejects(fs.mkdir("/tmp/b", options), { name: "OptionError", message });
    }
    for (const encoding of ["utf-8", "latin1", null, { encoding: "utf8" }]) {
      const message = /fs\.readFile\(\): encoding is /;
      await assert.rejects(fs.readFile("/tmp/a", encoding), { name: "OptionError", message });
    }
    assert.deepEqual(await py.fs.readdir("/tmp"), []);
  });

  test("takes views and buffers for their bytes, and paths from Python's current folder", async (t) => {
    const py = await testPython(t);
    const { buffer } = new Uint8Array([0, 1, 2, 3]);
    for (const content of [buffer, new Uint16Array(buffer), new DataView(buffer)]) {
      await py.fs.writeFile("four.bin", /** @type {any} */ (content));
      assert.deepEqual(await py.fs.readFile("/home/user/four.bin"), new Uint8Array([0, 1, 2, 3]));
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
