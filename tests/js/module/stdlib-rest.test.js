// The part of the standard library that is fetched when something of it is imported.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mock, test } from "node:test";
import { promisify } from "node:util";

import { nodeHost } from "../../../js/src/host/host-node.js";
import { DIST, noBuild, temporaryFolder, testPython, within } from "../support.js";

const ALWAYS = ["python.mjs", "python.wasm", "stdlib.zip"];

/** A folder with the build's files, but for the rest of the library. */
function folderWithoutRest() {
  const folder = temporaryFolder();
  for (const name of ALWAYS) symlinkSync(join(DIST, name), join(folder, name));
  return folder;
}

// All that can be read, and of that all that cannot be imported because something else cannot be read.
const IMPORT_ALL = `
import importlib, importlib.util, io, os, sys

LIB = "/usr/local/lib/python3.13"
there, needs_more = [], []
for folder, _, files in os.walk(LIB):
    for file in files:
        if not file.endswith(".py"):
            continue
        path = os.path.join(folder, file)
        try:
            open(importlib.util.cache_from_source(path), "rb").close()
        except OSError:
            continue
        name = os.path.relpath(path, LIB).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if not name.endswith("__main__"):
            there.append(name)
sys.stdout = io.StringIO()
for name in sorted(there):
    try:
        importlib.import_module(name)
    except OSError as error:
        needs_more.append(f"{name}: {error}")
    except ImportError:
        pass
sys.stdout = sys.__stdout__
[there, needs_more]
`;

// The modules that a start has imported from the archive, and those of them that are deflated in it.
const COMPRESSED_AT_START = `
import sys, threading
HOME = "/usr/local/lib/python3.13/"
used = [m.__spec__.origin for m in list(sys.modules.values()) if getattr(m, "__spec__", None) and m.__spec__.origin]
used = [origin.removeprefix(HOME) + "c" for origin in used if origin.startswith(HOME)]
import zipfile
with zipfile.ZipFile("/tmp/stdlib.zip") as archive:
    names = used + ["later.directory"]
    compressed = [name for name in names if archive.getinfo(name).compress_type != zipfile.ZIP_STORED]
[used, compressed]
`;

test("what a start and threading read is stored, not deflated", { skip: noBuild }, async (t) => {
  const files = { "/tmp/stdlib.zip": readFileSync(join(DIST, "stdlib.zip")) };
  const py = await testPython(t, { files });
  const [used, compressed] = /** @type {any} */ (await within(py, py.run(COMPRESSED_AT_START)));
  for (const name of ["encodings/utf_8.pyc", "threading.pyc"]) {
    assert.ok(used.includes(name), `${name} is not among ${used}`);
  }
  assert.deepEqual(compressed, []);
});

test("what every load fetches imports nothing of the rest", { skip: noBuild }, async (t) => {
  const py = await testPython(t, { indexURL: folderWithoutRest(), stderr() {} });
  const [there, needsMore] = /** @type {any} */ (await within(py, py.run(IMPORT_ALL)));
  assert.deepEqual(needsMore, []);
  for (const name of [
    ...[
      "threading",
      "queue",
      "concurrent.futures.thread",
      "random",
      "json",
      "datetime",
      "dataclasses",
      "typing",
    ],
    ...[
      "re",
      "logging",
      "argparse",
      "statistics",
      "csv",
      "traceback",
      "inspect",
      "pickle",
      "timeit",
      "textwrap",
    ],
  ]) {
    assert.ok(there.includes(name), `${name} is not in stdlib.zip`);
  }
});

test(
  "a rest that is missing, or another build's, fails the import until it is there",
  {
    skip: noBuild,
  },
  async (t) => {
    const folder = folderWithoutRest();
    let errors = "";
    const py = await testPython(t, { indexURL: folder, stderr: (text) => (errors += text) });
    const importIt = () => within(py, py.run("import xml.dom.minidom; xml.__name__"));
    await assert.rejects(importIt, { name: "PythonError", type: "OSError" });
    assert.match(
      errors,
      /cannot load .*stdlib-rest\.zip: .*ENOENT.* So an import takes the sources, or fails\./s,
    );

    errors = "";
    copyFileSync(join(DIST, "stdlib.zip"), join(folder, "stdlib-rest.zip"));
    await assert.rejects(importIt, { name: "PythonError", type: "OSError" });
    assert.match(errors, /stdlib-rest\.zip.* is damaged or of another build than stdlib\.zip/);

    copyFileSync(join(DIST, "stdlib-rest.zip"), join(folder, "stdlib-rest.zip"));
    assert.equal(await importIt(), "xml");
  },
);

/**
 * Every Python of this test gets the rest of its library from there.
 * @param {() => Promise<Uint8Array>} fetchStdlibRest
 */
function withRestFrom(fetchStdlibRest) {
  const { openDistribution } = nodeHost;
  mock.method(nodeHost, "openDistribution", (/** @type {any} */ location) => ({
    ...openDistribution(location),
    fetchStdlibRest,
  }));
}

test("an import that waits for the rest can be interrupted", { skip: noBuild }, async (t) => {
  t.after(() => mock.restoreAll());
  const asked = new Promise((resolve) => {
    withRestFrom(() => {
      resolve(undefined);
      return new Promise(() => {});
    });
  });
  const py = await testPython(t);
  const run = py.run("import xml.dom.minidom");
  void asked.then(() => py.interrupt());
  await assert.rejects(within(py, run), { name: "PythonError", type: "KeyboardInterrupt" });
  assert.equal(await within(py, py.run("import json; json.dumps(1)")), "1");
});

test("threads that import different parts of the rest fetch it once", { skip: noBuild }, async (t) => {
  t.after(() => mock.restoreAll());
  const { fetchStdlibRest } = nodeHost.openDistribution(DIST);
  let fetched = 0;
  withRestFrom(() => {
    fetched++;
    return fetchStdlibRest();
  });
  const py = await testPython(t);
  // None of them imports another: CPython's imports in threads may fail where packages go in circles.
  const code = `
import importlib, threading
names = ["email.message", "xml.dom.minidom", "html.parser", "tomllib", "wave", "ipaddress", "plistlib", "sqlite3"]
threads = [threading.Thread(target=importlib.import_module, args=(name,)) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
import sys
[name for name in names if name not in sys.modules]
`;
  assert.deepEqual(await within(py, py.run(code)), []);
  assert.equal(fetched, 1);
});

test("a stderr callback that throws at the message keeps no import waiting", { skip: noBuild }, async () => {
  const index = JSON.stringify(new URL("../../../js/src/index.js", import.meta.url).href);
  const code = `import { loadPython } from ${index};
    const errors = [];
    process.on("uncaughtException", (error) => errors.push(error.message));
    const stderr = () => { throw new Error("the embedder's"); };
    const py = await loadPython({ indexURL: ${JSON.stringify(folderWithoutRest())}, stderr });
    const results = [];
    for (const code of ["import imaplib", "1 + 1"]) results.push(await py.run(code).catch((error) => error.name));
    await new Promise((resolve) => setTimeout(resolve));
    await py.close();
    console.log(JSON.stringify([results, errors]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    timeout: 60_000,
  });
  const [results, errors] = JSON.parse(stdout);
  assert.equal(results[1], 2);
  assert.ok(errors.length > 0, stdout);
  assert.deepEqual([...new Set(errors)], ["the embedder's"]);
});
