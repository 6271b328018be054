// A program sees the folders that its command line names, and no others.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";

import { parseArguments } from "../../../js/src/cli/arguments.js";
import { mountsFor } from "../../../js/src/cli/mounts.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "heddle-mounts-")));
after(() => rmSync(root, { recursive: true }));
for (const folder of ["here/inner", "scripts", "data"]) mkdirSync(join(root, folder), { recursive: true });
for (const file of ["scripts/main.py", "data/a.csv", "here/inner/b.txt"]) writeFileSync(join(root, file), "");

symlinkSync(join(root, "here"), join(root, "link-to-here"));
symlinkSync(join(root, "data"), join(root, "here/link-to-data"));

/** @param {...string} argv */
const all = (...argv) => mountsFor(parseArguments(argv), join(root, "here"));
/** @param {...string} argv */
const mounts = (...argv) =>
  all(...argv).folders.map(({ hostPath, path }) => (assert.equal(path, hostPath), path));
/** @param {...string} names */
const folders = (...names) => names.map((name) => join(root, name));

test("the current folder is mounted", () => assert.deepEqual(mounts("-c", "1"), folders("here")));
test("the script's folder is mounted", () =>
  assert.deepEqual(mounts("../scripts/main.py"), folders("here", "scripts")));
test("the folders of files among the arguments are mounted", () =>
  assert.deepEqual(mounts("-m", "x", join(root, "data/a.csv")), folders("data", "here")));
test("a folder inside a mounted one is not mounted again", () =>
  assert.deepEqual(mounts("-c", "1", "inner", "inner/b.txt"), folders("here")));
test("arguments that are no paths mount nothing", () =>
  assert.deepEqual(mounts("-c", "1", "--data=x", "nothing"), folders("here")));
test("what would hide the program's own files is not mounted, as the folder of /dev/null", () => {
  assert.deepEqual(mounts("-c", "1", "/", "/dev/null", "/usr", "/usr/local/lib"), folders("here"));
  assert.deepEqual(mountsFor(parseArguments(["-c", "1"]), "/usr").folders, []);
  for (const word of ["/dev", "/usr", `${root}/data:/dev`, `${root}/data:/usr/share`])
    assert.throws(() => mounts(`--mount=${word}`, "-c", "1"), /holds files of Heddle's own/, word);
});
test("--no-host-files mounts nothing", () =>
  assert.deepEqual(mounts("--no-host-files", "../scripts/main.py"), []));
test("a folder named through a link is mounted once, and the link made", () =>
  assert.deepEqual(all(join(root, "link-to-here/inner/b.txt")), {
    folders: folders("here").map((path) => ({ hostPath: path, path })),
    links: [{ path: join(root, "link-to-here/inner"), target: join(root, "here/inner") }],
  }));
test("a link inside a mount leads to what it names, which is mounted", () =>
  assert.deepEqual(all("-c", "1", "link-to-data").links, []));
test("PYTHONPATH's folders are mounted, if they are there", () => {
  const path = [join(root, "data"), "inner", join(root, "nothing"), ""].join(delimiter);
  const { folders: seen } = mountsFor(parseArguments(["-c", "1"]), join(root, "here"), path);
  assert.deepEqual(
    seen.map(({ path }) => path),
    folders("data", "here"),
  );
});
test("--mount mounts a folder at its own path, or at another, also with --no-host-files", () => {
  assert.deepEqual(mounts("--mount=../data", "-c", "1"), folders("data", "here"));
  assert.deepEqual(mounts("--no-host-files", "--mount", "../data", "-c", "1"), folders("data"));
  const { folders: placed } = all("--no-host-files", `--mount=${root}/data:/in/put/`, "-c", "1");
  assert.deepEqual(placed, [{ hostPath: join(root, "data"), path: "/in/put" }]);
});
for (const [word, text] of [
  ["nothing", /^--mount=nothing: there is no folder .*nothing\. Expected FOLDER or FOLDER:\/PATH\.$/],
  ["nothing:/x", /there is no folder .*nothing\./],
  ["", /^--mount=: no folder is named\. Expected FOLDER or FOLDER:\/PATH\.$/],
  [":/x", /there is no folder/],
  ["../scripts/main.py", /there is no folder/],
  ["../data:/", /--mount=.*: \/ holds files of Heddle's own/],
  ["inner:/x", /lie one in the other/],
  ["../link-to-here:/x", /lie one in the other/],
  [`../data:${root}/here/x`, /lie one in the other/],
]) {
  test(`--mount=${word} is refused`, () =>
    assert.throws(() => all(`--mount=${word}`, "-c", "1"), { name: "Error", message: text }));
}

const noProc = process.platform !== "linux" && "only Linux has procfs";
test(
  "procfs and what holds it are passed over, and refused where --mount names them",
  { skip: noProc },
  () => {
    assert.deepEqual(mounts("-c", "1", "/proc/cpuinfo", "/proc/self"), folders("here"));
    for (const option of ["/proc", "/proc/sys", "/proc/self", "/:/host", "/proc:/somewhere"])
      assert.throws(() => mounts(`--mount=${option}`, "-c", "1"), {
        message: `--mount=${option}: /proc would be in reach, and with it this process's memory. Name a folder without it.`,
      });
  },
);
