// Build ids: files of different builds are told as such, and their checksums can be asked for.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { loadPython } from "../../../js/src/index.js";
import { buildOfArchive, buildOfModule } from "../../../js/src/module/build-id.js";
import { DIST, HEDDLE, noBuild, temporaryFolder } from "../support.js";

const skip = noBuild;
const FILES = ["python.mjs", "python.wasm", "stdlib.zip", "stdlib-rest.zip", "stdlib-sources.zip"];

const manifest = () => JSON.parse(readFileSync(join(DIST, "manifest.json"), "utf8"));

/** The build's files, with one of them as it would be in another build. @param {string} changed */
function withOther(changed) {
  const folder = temporaryFolder();
  for (const name of [...FILES, "manifest.json"]) {
    if (name !== changed) symlinkSync(join(DIST, name), join(folder, name));
  }
  const content = readFileSync(join(DIST, changed));
  const at = content.lastIndexOf(manifest().build) >= 0 && content.indexOf(manifest().build);
  assert.ok(at, `${changed} holds no build id`);
  content.write("0123456789abcdef", at);
  writeFileSync(join(folder, changed), content);
  return folder;
}

test("the files hold the id of the manifest", { skip }, async () => {
  const { build, files } = manifest();
  assert.match(build, /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(files), FILES);
  const { default: createPython } = await import(join(DIST, "python.mjs"));
  assert.equal(createPython.buildId, build);
  assert.equal(buildOfModule(await WebAssembly.compile(readFileSync(join(DIST, "python.wasm")))), build);
  assert.equal(buildOfArchive(readFileSync(join(DIST, "stdlib.zip"))), build);
  for (const [name, { size, sha256 }] of Object.entries(files)) {
    const content = readFileSync(join(DIST, name));
    assert.equal(content.length, size);
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256);
  }
});

for (const changed of ["python.mjs", "python.wasm", "stdlib.zip"]) {
  test(`another build's ${changed} is a LoadError that says so`, { skip }, async () => {
    const folder = withOther(changed);
    await assert.rejects(loadPython({ indexURL: folder }), (/** @type {any} */ error) => {
      assert.equal(error.name, "LoadError");
      assert.match(error.message, /the files are of different builds: .*0123456789abcdef/);
      assert.ok(error.message.includes(manifest().build), error.message);
      assert.match(error.message, /Upload or install all files of dist\/ again/);
      return true;
    });
  });
}

test("an archive from before there were ids is told as such", { skip }, async () => {
  const folder = withOther("stdlib.zip");
  const archive = readFileSync(join(DIST, "stdlib.zip"));
  archive.write("other.id", archive.indexOf("build.id")); // laid out as a file
  archive.write("other.id", archive.lastIndexOf("build.id"));
  writeFileSync(join(folder, "stdlib.zip"), archive);
  await assert.rejects(loadPython({ indexURL: folder }), /stdlib\.zip of one without an id/);
});

/** @param {string} dist @param {string[]} args */
function heddle(dist, ...args) {
  const env = { ...process.env, HEDDLE_DIST: dist };
  return spawnSync(process.execPath, [HEDDLE, ...args], { env, encoding: "utf8" });
}

test("heddle verify tells the build, the checksums, and what is wrong", { skip }, () => {
  const { build, files } = manifest();
  const good = heddle(DIST, "verify");
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, new RegExp(`^build ${build} in `));
  for (const [name, { sha256 }] of Object.entries(files))
    assert.ok(good.stdout.includes(`ok       ${sha256}  ${name}\n`));

  const bad = heddle(withOther("stdlib.zip"), "verify");
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^differs {2}[0-9a-f]{64} {2}stdlib\.zip: expected [0-9a-f]{64}, \d+ bytes$/m);

  const folder = temporaryFolder();
  copyFileSync(join(DIST, "manifest.json"), join(folder, "manifest.json"));
  const none = heddle(folder, "verify");
  assert.equal(none.status, 1);
  assert.equal(none.stdout.match(/^missing /gm)?.length, FILES.length);

  const nothing = heddle(temporaryFolder(), "verify");
  assert.equal(nothing.status, 1);
  assert.match(nothing.stderr, /^heddle: cannot read .*manifest\.json: .* Install the package again\.\n$/);
  assert.equal(heddle(DIST, "verify", "x").status, 2);
});
