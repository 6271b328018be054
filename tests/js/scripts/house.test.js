// The check of the house rules: what breaks a rule is found, what keeps it is not.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { complaints } from "../../../scripts/house.js";
import { PROJECT } from "../../../wasm/toolchain/sandbox.js";

const HEADER = "// Purpose.\n// SPDX-License-Identifier: MIT\n";
const exists = (/** @type {string} */ path) => existsSync(join(PROJECT, path));

/** @param {string} path @param {string} body */
const of = (path, body) => complaints(path, HEADER + body, exists);

for (const [path, body, word] of [
  ["runtime/src/park/x.cpp", '#include "heddle/lock.h"', "runtime/src/sync"],
  ["runtime/src/park/x.cpp", '#include "threads/thread_table.h"', "runtime/src/threads"],
  ["runtime/src/base/x.h", '#include "heddle/wait.h"', "runtime/src/park"],
  ["runtime/src/sync/x.cpp", '#include "heddle/thread.h"', "runtime/src/threads"],
  ["runtime/src/threads/x.cpp", '#include "heddle/signals.h"', "runtime/src/signals"],
  ["runtime/include/heddle/lock.h", '#include "heddle/thread.h"', "runtime/src/threads"],
  ["runtime/platform/wasi/x.cpp", '#include "park/parking_lot_internal.h"', "runtime/src/park"],
  ["runtime/src/park/x.cpp", "#include <Python.h>", "Python.h"],
  ["wasm/console/x.cpp", '#include "session/session.h"', "wasm/session"],
  ["js/src/module/x.js", 'import { Session } from "../session/session.js";', "js/src/session"],
  ["js/src/module/x.js", '/** @type {import("../console/console.js").Console} */', "js/src/console"],
  ["js/src/host/x.js", 'const it = await import("../workers/worker-pool.js");', "js/src/workers"],
  ["js/src/console/x.js", 'export { run } from "../session/session.js";', "js/src/session"],
  ["js/src/session/x.js", "module.PThread.unusedWorkers", "PThread"],
  ["js/src/console/x.js", 'if (typeof process === "object") run();', "typeof process"],
  ["js/src/cell.js", "x\n".repeat(400), "more than 400"],
  ["js/src/cell.js", `// ${"x".repeat(120)}`, "more than 120"],
  ["docs/x.md", "x".repeat(121), "more than 120"],
]) {
  test(`${path}: ${body.slice(0, 60).split("\n", 1)[0]} breaks a rule`, () => {
    const found = complaints(path, path.endsWith(".md") ? body : HEADER + body, exists);
    assert.equal(found.filter((complaint) => complaint.includes(word)).length, 1, found.join("\n"));
  });
}

test("a file without its license's line is found", () => {
  assert.match(complaints("js/src/x.js", "// Purpose.\n", exists)[0], /SPDX/);
});

test("what the rules allow is not complained about", () => {
  assert.deepEqual(
    of("runtime/src/sync/x.cpp", '#include "heddle/parking_lot.h"\n#include "heddle/heddle.h"'),
    [],
  );
  assert.deepEqual(
    of("runtime/src/inspect/x.cpp", '#include "heddle/lock.h"\n#include "threads/thread_table.h"'),
    [],
  );
  assert.deepEqual(of("wasm/files/x.cpp", '#include "streams/bell.h"\n#include "heddle/text_writer.h"'), []);
  assert.deepEqual(of("js/src/cli/x.js", 'import { Session } from "../session/session.js";'), []);
  assert.deepEqual(
    complaints("docs/x.md", `| ${"x".repeat(200)} |\n\`\`\`sh\n${"x".repeat(200)}\n\`\`\`\n`, exists),
    [],
  );
});
