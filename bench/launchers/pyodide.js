// Opens pyodide for a program, in Node or in a page; bench/peers.js has put it where it is imported from.
// SPDX-License-Identifier: MIT
// @ts-check

import { HOME } from "./run-program.js";

const MODULE = new URL("../../build/peers/node_modules/pyodide/pyodide.mjs", import.meta.url);

/** @type {import("./run-program.js").Open} */
export async function open(files, { stdout, stderr }) {
  const { loadPyodide } = await import(MODULE.href);
  const py = await loadPyodide({
    stdout: (/** @type {string} */ line) => stdout(`${line}\n`),
    stderr: (/** @type {string} */ line) => stderr(`${line}\n`),
  });
  for (const [path, bytes] of Object.entries(files)) {
    const full = `${HOME}/${path}`;
    py.FS.mkdirTree(full.slice(0, full.lastIndexOf("/")));
    py.FS.writeFile(full, bytes);
  }
  return { run: async (code, filename) => py.runPython(code, { filename }) };
}
