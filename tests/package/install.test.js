// The packed package in an empty project: what it holds, the command, Node, TypeScript.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PARTS } from "../../scripts/licenses.js";
import { PROJECT } from "../../wasm/toolchain/sandbox.js";
import { installPackage, succeed, TARBALL } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-package-"));
const installed = join(folder, "node_modules/heddle");
after(() => rmSync(folder, { recursive: true, force: true }));

before(() => {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  installPackage(folder);
});

/** @param {string} root */
const filesBelow = (root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(root, name)).isFile(),
  );

test("it holds the sources, their types, one build, and the papers; nothing else", () => {
  const sources = filesBelow(join(PROJECT, "js/src"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => `js/src/${name}`);
  const types = sources
    .filter((name) => !name.startsWith("js/src/cli/"))
    .map((name) => name.replace("js/src/", "types/").replace(/\.js$/, ".d.ts"));
  const forPages = ["index.js", "cell.js"].flatMap((name) => [`js/page/${name}`, `js/page/${name}.map`]);
  const papers = ["CHANGELOG.md", "LICENSE", "LICENSES.txt", "NOTICES.md", "README.md", "package.json"];
  const dist = [
    "dist/python.mjs",
    "dist/python.wasm",
    "dist/stdlib.zip",
    "dist/stdlib-rest.zip",
    "dist/stdlib-sources.zip",
    "dist/manifest.json",
  ];
  const expected = [...sources, ...forPages, ...types, ...papers, ...dist, "js/bin/heddle.js"];
  assert.deepEqual(filesBelow(installed).sort(), expected.sort());
});

test("it needs no other package, and is no larger than 10 MB packed, 16 MB unpacked", (t) => {
  assert.deepEqual(readdirSync(join(folder, "node_modules")).sort(), [
    ".bin",
    ".package-lock.json",
    "heddle",
  ]);
  const sizes = filesBelow(installed).map((name) => statSync(join(installed, name)).size);
  const packed = statSync(TARBALL).size / 1e6;
  const unpacked = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  t.diagnostic(`${packed.toFixed(1)} MB packed, ${unpacked.toFixed(1)} MB unpacked`);
  assert.ok(packed < 10 && unpacked < 16, `${packed} MB packed, ${unpacked} MB unpacked`);
});

test("the license text of each linked library is there", () => {
  const licenses = readFileSync(join(installed, "LICENSES.txt"), "utf8");
  const words = {
    CPython: "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
    libmpdec: "Copyright (c) 2008-2020 Stefan Krah",
    mimalloc: "Microsoft Corporation, Daan Leijen",
    expat: "Expat maintainers",
    HACL: "INRIA, CMU and Microsoft Corporation",
    BLAKE2: "Samuel Neves",
    zlib: "Jean-loup Gailly",
    bzip2: "Julian R Seward",
    liblzma: "Permission to use, copy, modify, and/or distribute this software for any",
    SQLite: "May you do good and not evil",
    Emscripten: "the Emscripten authors",
    musl: "Rich Felker",
    LLVM: "LLVM Exceptions to the Apache 2.0 License",
  };
  const missing = Object.entries(words).filter(
    ([, text]) => !licenses.toLowerCase().includes(text.toLowerCase()),
  );
  assert.deepEqual(missing, []);
  const linked = readFileSync(join(PROJECT, "wasm/CMakeLists.txt"), "utf8").match(/\blib[\w.+]+\.a\b/g) ?? [];
  const known = PARTS.flatMap(({ libraries = [] }) => libraries);
  assert.ok(linked.length >= 8, `${linked}`);
  assert.deepEqual(
    [...new Set(linked)].filter((name) => !known.includes(name)),
    [],
  );
});

test("npx heddle runs Python", () => {
  const program = "import threading; t = threading.Thread(target=print, args=['hello']); t.start(); t.join()";
  assert.equal(succeed(folder, "npx", ["heddle", "-c", program]), "hello\n");
});

test("a Node program imports it by its name, and every file that exports names is there", () => {
  writeFileSync(
    join(folder, "program.js"),
    `import { loadPython } from "heddle";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

for (const file of ["cell", "isolation-worker.js", "dist/python.mjs", "dist/python.wasm", "dist/stdlib.zip", "dist/stdlib-rest.zip", "dist/stdlib-sources.zip", "dist/manifest.json", "package.json"]) {
  const url = import.meta.resolve("heddle/" + file);
  if (!existsSync(fileURLToPath(url))) throw new Error("there is no " + url);
}
const py = await loadPython({ stdout: (text) => process.stdout.write(text) });
await py.run("import threading; t = threading.Thread(target=print, args=['hello']); t.start(); t.join()");
await py.close();
`,
  );
  assert.equal(succeed(folder, process.execPath, ["program.js"]), "hello\n");
});

for (const moduleResolution of ["nodenext", "bundler"]) {
  test(`TypeScript finds its types (moduleResolution ${moduleResolution}, no other types, checked)`, () => {
    writeFileSync(
      join(folder, "consumer.ts"),
      `import { loadPython, PythonError, type Python } from "heddle";
import "heddle/cell";

const py: Python = await loadPython({
  stdout: (text, thread) => { document.title = text.trim() + thread.toFixed(); },
  stdin: async () => null,
  threads: { warm: 2 },
});
const names: string[] = py.threads().map(({ name }) => name);
const text: string = await py.fs.readFile("/home/user/a.txt", "utf8");
try {
  await py.run("1/0", { timeout: 1000, grace: 100, signal: new AbortController().signal });
} catch (error) {
  if (error instanceof PythonError) document.title = error.type + error.frames[0].line.toFixed();
}
// @ts-expect-error: code is a string
await py.run(1);
// @ts-expect-error: there is no such option
await loadPython({ stdOut() {} });
await py.close();
export { names, text };
`,
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2022",
      lib: ["es2022", "dom"],
      types: [],
      skipLibCheck: false,
      module: moduleResolution === "nodenext" ? "nodenext" : "esnext",
      moduleResolution,
    };
    const config = { compilerOptions, files: ["consumer.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    succeed(folder, join(PROJECT, "node_modules/.bin/tsc"), ["-p", "."]);
  });
}
