// What loadPython(), run() and interrupt() refuse: the error names the option, and nothing has been done.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import { HeddleError, loadPython, OptionError, ValueCopyError } from "../../js/src/index.js";
import { DIST, noBuild, temporaryFolder, testPython, within } from "./support.js";

const options = { skip: noBuild };

/** @param {unknown} value */
const shown = (value) => inspect(value, { breakLength: Infinity });

const DELAYS = [-1, NaN, -Infinity, "5", {}, []];
const COUNTS = [-1, 1.5, NaN, Infinity, 2 ** 60, "5", {}];

/** @type {unknown[]} */
const ENVS = [5, "A=1", ["A=1"], new Map([["A", "1"]]), { A: 5 }, { A: null }, { A: "a\0b" }, { "A\0": "" }];
ENVS.push({ "A=B": "" }, { "": "" });

/** @type {unknown[]} */
const FILES = [5, "/a", [], new Map([["/a", "x"]]), Promise.resolve({}), { "data.csv": "x" }, { "": "x" }];
FILES.push({ "/a\0b": "x" }, { "/a": 5 }, { "/a": null }, { "/a": undefined }, { "/a": ["x"] });

/** @type {unknown[]} */
const FOLDERS = [
  { path: "/x" },
  { hostPath: "/tmp" },
  { path: "x", hostPath: "/tmp" },
  { path: "/x\0y", hostPath: "/tmp" },
  { path: "/x", hostPath: "/tmp\0/inner" },
  { path: "/x", hostPath: "" },
  { path: "/", hostPath: "/tmp" },
  { path: "//", hostPath: "/tmp" },
  { path: "/x", hostPath: 5 },
  { path: "/x", hostPath: "/tmp", hostpath: "/" },
];
FOLDERS.push(5, null, "/x", {});
const NESTED = [
  { path: "/a/b/c", hostPath: "/tmp" },
  { path: "/a/b/", hostPath: "/usr" },
];

/** By option, values that it refuses; null is one for each. @type {Record<string, unknown[]>} */
const LOAD = {
  stdout: [5, "text", {}],
  stderr: [5, true],
  stdin: [5, "a line", ["a line"]],
  args: [5, "-v", {}, [5], [null], [undefined], ["a\0b"]],
  env: ENVS,
  files: FILES,
  hostFolders: [5, {}, "/x", ...FOLDERS.map((folder) => [folder]), NESTED],
  threads: [
    5,
    [],
    "8",
    { wram: 2 },
    ...[null, ...COUNTS].flatMap((count) => [{ warm: count }, { max: count }]),
  ],
  timeout: DELAYS,
  grace: DELAYS,
  loadTimeout: DELAYS,
  indexURL: [5, {}, [], "/nowhere\0"],
};

/** @type {Record<string, unknown[]>} */
const RUN = {
  filename: [5, {}, ["a.py"]],
  timeout: DELAYS,
  grace: DELAYS,
  signal: [{}, 5, "abort", new AbortController()],
  globals: [5, "x", [1], new Map([["x", 1]]), Promise.resolve({})],
};

/** Workers and what else would keep a program alive. */
const resources = () => process.getActiveResourcesInfo().sort();

/** @param {string} call @param {string} option */
const refusalOf = (call, option) => (/** @type {unknown} */ error) => {
  assert.ok(error instanceof OptionError && error instanceof HeddleError, String(error));
  assert.equal(error.name, "OptionError");
  assert.ok(error.message.startsWith(`heddle: ${call}(): ${option}`), error.message);
  assert.match(error.message, /\. (Give |The options are)/);
  return true;
};

describe("loadPython() refuses, before it loads anything,", () => {
  for (const [option, values] of Object.entries(LOAD)) {
    for (const value of [null, ...values]) {
      test(`${option}: ${shown(value)}`, async () => {
        const before = resources();
        // Would be a LoadError if it had been looked at.
        const bad = /** @type {any} */ ({ indexURL: "/nowhere", [option]: value });
        await assert.rejects(loadPython(bad), refusalOf("loadPython", option));
        assert.deepEqual(resources(), before);
      });
    }
  }

  for (const bad of [null, 5, "dist", []]) {
    test(`${shown(bad)} in the place of its options`, () =>
      assert.rejects(loadPython(/** @type {any} */ (bad)), refusalOf("loadPython", "options is ")));
  }

  test("names that it does not know", async () => {
    const message =
      "heddle: loadPython(): stdOut is no option. The options are: stdout, stderr, stdin, args, env, files, " +
      "hostFolders, threads, timeout, grace, loadTimeout, indexURL.";
    await assert.rejects(loadPython(/** @type {any} */ ({ stdOut() {} })), { name: "OptionError", message });
  });

  test("a folder of the disk twice, in another, or in another behind a link", async () => {
    const folder = temporaryFolder();
    for (const name of ["inner", "inner-2"]) mkdirSync(join(folder, name));
    symlinkSync(join(folder, "inner"), join(folder, "link"));
    const inner = join(folder, "inner");
    for (const [a, b] of [
      [folder, inner],
      [inner, folder],
      [folder, `${folder}/`],
      [inner, join(folder, "link")],
      ["/", inner],
    ]) {
      const hostFolders = [
        { path: "/a", hostPath: a },
        { path: "/b", hostPath: b },
      ];
      await assert.rejects(
        loadPython({ indexURL: "/nowhere", hostFolders }),
        refusalOf("loadPython", "hostFolders["),
      );
    }
    const besides = ["inner", "inner-2"].map((name) => ({ path: `/${name}`, hostPath: join(folder, name) }));
    await assert.rejects(loadPython({ indexURL: "/nowhere", hostFolders: besides }), { name: "LoadError" });
    assert.deepEqual(readdirSync(folder).sort(), ["inner", "inner-2", "link"]);
  });
});

describe("loadPython() refuses a folder", options, () => {
  const hostPath = temporaryFolder();
  const own = "Choose a path where Python has no files of its own.";
  for (const [what, path, from, reason] of [
    [
      "where Python's own files are",
      "/usr",
      hostPath,
      `cannot mount ${hostPath} at /usr: ENOTEMPTY: folder not empty. ${own}`,
    ],
    [
      "below a file",
      "/a.txt/b",
      hostPath,
      `cannot mount ${hostPath} at /a.txt/b: ENOTDIR: not a folder. ${own}`,
    ],
    ["that is not there", "/data", "/nowhere", "cannot mount /nowhere: ENOENT"],
    ...(process.platform === "linux"
      ? ["/", "/proc", "/proc/self/fd"].map((folder) => [
          `with procfs: ${folder}`,
          "/data",
          folder,
          ": /proc would be in reach, and with it this process's memory; name a folder without it.",
        ])
      : []),
  ])
    test(what, async () => {
      const hostFolders = [{ path, hostPath: from }];
      await assert.rejects(
        loadPython({ indexURL: DIST, files: { "/a.txt": "" }, hostFolders }),
        (/** @type {any} */ error) => {
          assert.equal(error.name, "OptionError");
          assert.ok(error.message.includes(reason), error.message);
          return true;
        },
      );
    });
});

describe("loadPython() takes", options, () => {
  test("undefined for what is left out, and limits that are none", async (t) => {
    const left = Object.fromEntries(Object.keys(LOAD).map((option) => [option, undefined]));
    const py = await testPython(t, {
      ...left,
      indexURL: DIST,
      env: { A: "1", LANG: /** @type {any} */ (undefined) },
      loadTimeout: Infinity,
      timeout: Infinity,
      threads: { warm: 0, max: 1 },
    });
    assert.deepEqual(await py.run("import os; [os.environ['A'], 'LANG' in os.environ]"), ["1", false]);
  });

  for (const loadTimeout of [2 ** 31, 2 ** 40, Number.MAX_VALUE]) {
    test(`a loadTimeout of ${loadTimeout}`, async (t) => {
      const py = await testPython(t, { loadTimeout, threads: { warm: 0 } });
      assert.equal(await py.run("1 + 1"), 2);
    });
  }
});

describe("run() and interrupt() refuse, and Python goes on,", options, () => {
  test("options of run()", async (t) => {
    const py = await testPython(t);
    await py.run("ran = 0");
    for (const [option, values] of Object.entries(RUN)) {
      for (const value of [null, ...values]) {
        const bad = /** @type {any} */ ({ [option]: value });
        await assert.rejects(py.run("ran = 1", bad), refusalOf("run", option), `${option}: ${shown(value)}`);
      }
    }
    for (const bad of /** @type {any[]} */ ([null, 5, "cell.py", []])) {
      await assert.rejects(py.run("ran = 1", bad), refusalOf("run", "options is "));
    }
    await assert.rejects(
      py.run("ran = 1", /** @type {any} */ ({ time: 5 })),
      refusalOf("run", "time is no option"),
    );
    for (const code of /** @type {any[]} */ ([5, null, undefined, ["ran = 1"], {}])) {
      await assert.rejects(py.run(code), { name: "OptionError", message: /run\(\): code is .*as a string/ });
    }
    assert.equal(await py.run("ran"), 0);
  });

  test("options of interrupt()", async (t) => {
    const py = await testPython(t);
    const run = py.run("import time; time.sleep(0.3); 5");
    for (const bad of /** @type {any[]} */ ([
      null,
      5,
      [],
      { grace: null },
      { grace: -1 },
      { grace: "1" },
      { gracs: 1 },
    ])) {
      assert.throws(() => py.interrupt(2, bad), {
        name: "OptionError",
        message: /interrupt\(\): (options|grac)/,
      });
    }
    assert.equal(await within(py, run), 5);
  });

  test("globals and code that are more than Python can hold", async (t) => {
    const py = await testPython(t);
    const half = new Uint8Array(1.1e9);
    for (const globals of [{ x: new Uint8Array(2.2e9) }, { x: [half, half] }]) {
      await assert.rejects(
        py.run("1", { globals }),
        (error) => error instanceof ValueCopyError && /globals\.x/.test(error.message),
      );
    }
    await assert.rejects(py.run("#".repeat(2 ** 29 - 24)), ValueCopyError);
    assert.equal(await py.run("1 + 1"), 2);
  });
});

describe("options are read once, and what cannot be read is named:", () => {
  const load = (/** @type {any} */ bad) => loadPython({ indexURL: "/nowhere", ...bad });
  const fails = () => {
    throw new Error("no answer");
  };
  const getter = (/** @type {string} */ name, /** @type {() => any} */ get) =>
    Object.defineProperty({}, name, { get, enumerable: true });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const transferred = new Uint8Array(8);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  const items = Object.defineProperty(["a", "b"], 1, { get: fails });

  /** @type {[option: string, bad: any][]} */
  const UNREADABLE = [
    ["env.A", { env: getter("A", fails) }],
    ["args[1]", { args: items }],
    ["threads.max", { threads: getter("max", fails) }],
    ["hostFolders[0].path", { hostFolders: [getter("path", fails)] }],
    ["indexURL", { indexURL: getter("href", fails) }],
    ['files["/a"]', { files: { "/a": transferred } }],
    ['files["/a"]', { files: { "/a": transferred.buffer } }],
    ...["args", "env", "files", "hostFolders", "threads", "indexURL"].map(
      (option) => /** @type {[string, any]} */ ([option, { [option]: revoked }]),
    ),
  ];
  for (const [option, bad] of UNREADABLE) {
    test(option, async () => {
      await assert.rejects(load(bad), (/** @type {any} */ error) => {
        assert.ok(error instanceof OptionError && error.cause instanceof Error, String(error));
        assert.ok(
          error.message.startsWith(`heddle: loadPython(): ${option} cannot be read: `),
          error.message,
        );
        return true;
      });
    });
  }

  test("the options themselves", async () => {
    const own = Object.defineProperty({}, "timeout", { get: fails, enumerable: true });
    await assert.rejects(
      loadPython(own),
      /OptionError: heddle: loadPython\(\): timeout cannot be read: no answer/,
    );
    await assert.rejects(loadPython(revoked), /OptionError: heddle: loadPython\(\): options cannot be read/);
  });

  test("half characters, holes, and what only looks like bytes", async () => {
    for (const [option, value] of Object.entries({
      args: ["\ud800"],
      env: { A: "\udc00" },
      files: { "/\ud800": "" },
      hostFolders: [{ path: "/x", hostPath: "/tmp/\ud800" }],
    }))
      await assert.rejects(load({ [option]: value }), refusalOf("loadPython", option));
    await assert.rejects(load({ args: ["a", , "b"] }), refusalOf("loadPython", "args[1] is undefined")); // eslint-disable-line no-sparse-arrays
    const forged = { [Symbol.toStringTag]: "ArrayBuffer", length: 4 };
    await assert.rejects(
      load({ files: { "/a": forged } }),
      refusalOf("loadPython", 'files["/a"] is an object'),
    );
  });

  test("a getter is asked once", options, async (t) => {
    const once = (/** @type {any} */ value) => {
      const answers = [value];
      return () => (answers.length ? answers.pop() : Symbol("again"));
    };
    const changing = (/** @type {Record<string, any>} */ values) => {
      const answers = new Map(Object.entries(values).map(([name, value]) => [name, once(value)]));
      return new Proxy(values, { get: (_, name) => answers.get(String(name))?.() });
    };
    const bytes = new Uint8Array([65]);
    const loading = loadPython(
      changing({
        indexURL: DIST,
        args: Object.defineProperty([""], 0, { get: once("x") }),
        env: changing({ A: "1" }),
        files: changing({ "/a": bytes, "/b": bytes.buffer }),
        threads: changing({ warm: 0, max: 2 }),
        loadTimeout: 60_000,
      }),
    );
    bytes[0] = 66; // too late
    const py = await loading;
    t.after(() => py.close());
    const globals = changing({ x: 5 });
    const code = "import os, sys; [sys.argv[1], os.environ['A'], open('/a').read(), open('/b').read(), x]";
    assert.deepEqual(await py.run(code, changing({ globals, filename: "f.py" })), ["x", "1", "A", "A", 5]);
    py.interrupt(2, changing({ grace: 5000 }));
    await py.fs.mkdir("/home/user/deep/er", changing({ recursive: true }));
  });

  test("bytes for a run that waits for its turn", options, async (t) => {
    const py = await testPython(t);
    const changed = new Uint8Array([65]);
    const { buffer } = new Uint8Array([66]);
    const first = py.run("import time; time.sleep(0.1)");
    const second = py.run("bytes(x) + bytes(y)", { globals: { x: changed, y: buffer } });
    changed[0] = 90;
    structuredClone(buffer, { transfer: [buffer] });
    await first;
    assert.deepEqual(await within(py, second), new Uint8Array([65, 66]));
  });

  test("run() and py.fs", options, async (t) => {
    const py = await testPython(t);
    for (const [globals, where] of /** @type {[any, string][]} */ ([
      [{ x: getter("y", fails) }, "globals\\.x"],
      [{ x: [revoked] }, "globals\\.x\\[0\\]"],
      [{ x: transferred }, "globals\\.x"],
    ]))
      await assert.rejects(py.run("1", { globals }), { name: "ValueCopyError", message: new RegExp(where) });
    await assert.rejects(py.run("1", { globals: getter("x", fails) }), {
      name: "OptionError",
      message: /run\(\): globals\.x cannot be read: no answer/,
    });
    for (const encoding of /** @type {any[]} */ ([1n, Symbol("utf8"), null, "latin1", {}]))
      await assert.rejects(py.fs.readFile("/a", encoding), { name: "OptionError", message: /encoding is / });
    await assert.rejects(py.fs.writeFile("/a", transferred), {
      name: "OptionError",
      message: /content cannot be read/,
    });
    await assert.rejects(py.fs.writeFile("/\ud800", ""), { name: "FileError", code: "EINVAL" });
    assert.equal(await py.fs.exists("/a"), false);
    assert.equal(await py.run("1 + 1"), 2);
  });
});
