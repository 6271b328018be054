// The programs in docs/embedding.md print what their comments say, and its table has every error.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as heddle from "../../../js/src/index.js";
import { noBuild, temporaryFolder } from "../support.js";

const ENTRY = new URL("../../../js/src/index.js", import.meta.url).href;
const DEADLINE_MS = 60_000;

const text = readFileSync(new URL("../../../docs/embedding.md", import.meta.url), "utf8");
const blocks = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

/** The output that the document promises for its lines. */
const expected = blocks
  .join("")
  .split("\n")
  .flatMap((line) => /(?:console\.log.*;|^`\);) \/\/ (.*)$/.exec(line)?.[1] ?? []);

test("the programs print what is beside them", { skip: noBuild }, () => {
  assert.ok(blocks.length >= 7 && expected.length >= 15, "the document has lost its programs");
  // In one program, so that all but those that load their own share one Python.
  const scopes = blocks.map((code) => `{\n${code.replace(/^import .*;\n/m, "")}\n}`);
  const program = `import { loadPython } from "${ENTRY}";
const py = await loadPython();
setTimeout(() => {
  console.error("not done in time;", JSON.stringify({ threads: py.threads(), stacks: py.stacks() }));
  process.exit(1);
}, ${DEADLINE_MS}).unref();
${scopes.join("\n")}
await py.close();
`;
  const file = join(temporaryFolder(), "program.mjs");
  writeFileSync(file, program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    timeout: 2 * DEADLINE_MS,
  });
  assert.equal(status, 0, stderr);
  assert.deepEqual(stdout.trimEnd().split("\n"), expected);
});

test("the table of errors has each of them", () => {
  const classes = Object.entries(heddle).filter(([, it]) => it.prototype instanceof heddle.HeddleError);
  const table = text.slice(text.indexOf("## Errors"));
  assert.deepEqual(
    [...table.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name).sort(),
    classes.map(([name]) => name).sort(),
  );
});
