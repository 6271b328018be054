// The files of the machine that the heddle command's program sees.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { heddle, noBuild, temporaryFolder, writeIn } from "../support.js";

const folder = temporaryFolder();

describe("files", { skip: noBuild }, () => {
  test("the current folder can be read and written", async () => {
    writeIn(folder, "in.txt", "text");
    const { code, stdout, stderr } = await heddle(
      ["-c", "import os; open('out.txt', 'w').write(open('in.txt').read() * 2); print(os.getcwd())"],
      { cwd: folder },
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), folder);
    assert.equal(readFileSync(join(folder, "out.txt"), "utf8"), "texttext");
  });
  test("a path among the arguments can be read", async () => {
    mkdirSync(join(folder, "elsewhere"), { recursive: true });
    const path = writeIn(folder, "elsewhere/data.txt", "data");
    const { stdout, stderr } = await heddle(["-c", "import sys; print(open(sys.argv[1]).read())", path], {
      cwd: temporaryFolder(),
    });
    assert.equal(stdout, "data\n", stderr);
  });
  test("nothing else of the machine is there", async () => {
    const { stdout } = await heddle(
      ["-c", "import os; print(os.path.exists('/etc/passwd'), os.path.exists('/usr/bin'))"],
      { cwd: folder },
    );
    assert.equal(stdout, "False False\n");
  });
  test("--no-host-files leaves the disk alone", async () => {
    const { code, stdout } = await heddle(
      ["--no-host-files", "-c", "import os; print(os.path.exists('in.txt'))"],
      { cwd: folder },
    );
    assert.deepEqual([code, stdout], [0, "False\n"]);
  });
  for (const path of ["/usr/local/lib/python3.13/json", "/dev/null"]) {
    test(`a mount at ${path}, where Python's own files are, is refused in words`, async () => {
      const { code, stderr } = await heddle([`--mount=${folder}:${path}`, "-c", "1"], {
        cwd: temporaryFolder(),
      });
      assert.equal(code, 1);
      const said =
        /^heddle: cannot mount (\S+) at (\S+): .*(?:not empty|not a \w+)\. Choose a path where Python has no files of its own\./i;
      assert.deepEqual(said.exec(stderr)?.slice(1), [folder, path], stderr);
    });
  }
});
