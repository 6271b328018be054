// The library's sources: fetched when somebody wants a line of them, and never before.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { copyFileSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mock, test } from "node:test";

import { nodeHost } from "../../../js/src/host/host-node.js";
import { DIST, noBuild, temporaryFolder, testPython, within } from "../support.js";

const skip = noBuild;

/** A traceback through the library. */
const FAIL = "import json\njson.loads('{')";
const LINE = "obj, end = self.scan_once(s, idx)";

/** Counts how often the sources are fetched. @param {import("node:test").TestContext} t */
function countFetches(t) {
  const seen = { fetches: 0 };
  const { openDistribution } = nodeHost;
  const method = mock.method(nodeHost, "openDistribution", (/** @type {any} */ location) => {
    const distribution = openDistribution(location);
    const fetchStdlibSources = () => (seen.fetches++, distribution.fetchStdlibSources());
    return { ...distribution, fetchStdlibSources };
  });
  t.after(() => method.mock.restore());
  return seen;
}

/** @param {string[]} names of the build's files */
function folderWith(...names) {
  const folder = temporaryFolder();
  for (const name of names) symlinkSync(join(DIST, name), join(folder, name));
  return folder;
}
const ALL_BUT_SOURCES = ["python.mjs", "python.wasm", "stdlib.zip", "stdlib-rest.zip"];

test("a traceback shows the library's lines, and inspect its sources", { skip }, async (t) => {
  const seen = countFetches(t);
  const py = await testPython(t, {});
  const error = await within(
    py,
    py.run(FAIL).catch((error) => error),
  );
  assert.ok(error.message.includes(LINE) || error.traceback?.includes(LINE), error.message);
  const code = "import inspect, threading; inspect.getsource(threading.Thread)";
  assert.match(/** @type {string} */ (await within(py, py.run(code))), /^class Thread:/);
  assert.equal(seen.fetches, 1);
});

test("imports want none of them", { skip }, async (t) => {
  const seen = countFetches(t);
  const py = await testPython(t, { stderr() {} });
  const code = `
import importlib, pkgutil, sys
for name in sys.stdlib_module_names:
    if name not in ("antigravity", "this", "__main__"):
        try:
            importlib.import_module(name)
        except ImportError:
            pass
import os
[os.path.exists("/usr/local/lib/python3.13/" + name) for name in ("json/__init__.py", "no_such_module.py")]
`;
  assert.deepEqual(await within(py, py.run(code)), [true, false]);
  assert.equal(seen.fetches, 0);
});

test("modules are where an installed library has them", { skip }, async (t) => {
  const seen = countFetches(t);
  const py = await testPython(t, {});
  const code = `
import importlib.util, json, json.decoder, os, heddle_session
sizes = {}
for module in (json, json.decoder, os, heddle_session):
    name = module.__file__.removeprefix("/usr/local/lib/python3.13/")
    sizes[name] = os.path.getsize(module.__file__)
    assert os.path.exists(importlib.util.cache_from_source(module.__file__)), name
assert json.__cached__ == importlib.util.cache_from_source(json.__file__)
listed = os.listdir("/usr/local/lib/python3.13/json")
[list(sizes.items()), sorted(listed)]
`;
  const [sizes, listed] = /** @type {[[string, number][], string[]]} */ (await within(py, py.run(code)));
  assert.deepEqual(
    sizes.map(([name]) => name),
    ["json/__init__.py", "json/decoder.py", "os.py", "heddle_session.py"],
  );
  const modules = ["__init__", "decoder", "encoder", "scanner", "tool"];
  assert.deepEqual(listed, [...modules.map((name) => `${name}.py`), "__pycache__"].sort());
  assert.equal(seen.fetches, 0);
  const read = `
import json, json.decoder, os, heddle_session
[len(open(module.__file__, "rb").read()) for module in (json, json.decoder, os, heddle_session)]`;
  assert.deepEqual(
    await within(py, py.run(read)),
    sizes.map(([, size]) => size),
  );
  const first = "import inspect, json; inspect.getsource(json).splitlines()[0]";
  assert.match(/** @type {string} */ (await within(py, py.run(first))), /^r"""JSON/);
  assert.equal(seen.fetches, 1);
});

/** @type {[string, (folder: string) => void][]} */
const TROUBLES = [
  ["are not there", () => {}],
  [
    "are another build's",
    (folder) => copyFileSync(join(DIST, "stdlib.zip"), join(folder, "stdlib-sources.zip")),
  ],
];
for (const [what, put] of TROUBLES) {
  test(`a traceback goes without them when they ${what}, and asks once`, { skip }, async (t) => {
    const seen = countFetches(t);
    const folder = folderWith(...ALL_BUT_SOURCES);
    put(folder);
    const py = await testPython(t, { indexURL: folder });
    for (let i = 0; i < 3; i++)
      await assert.rejects(within(py, py.run(FAIL)), { type: "json.decoder.JSONDecodeError" });
    assert.equal(seen.fetches, 1);
    assert.equal(existsSync(join(folder, "stdlib-sources.zip")), what !== "are not there");
    const open = "open('/usr/local/lib/python3.13/os.py')";
    await assert.rejects(within(py, py.run(open)), { type: "OSError" });
  });
}
