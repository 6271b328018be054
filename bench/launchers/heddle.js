// Opens Heddle for a program, in Node or in a page.
// SPDX-License-Identifier: MIT
// @ts-check

import { loadPython } from "../../js/src/index.js";
import { HOME } from "./run-program.js";

/** @type {import("./run-program.js").Open} */
export async function open(files, { stdout, stderr }) {
  const placed = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${HOME}/${path}`, bytes]));
  const py = await loadPython({ files: placed, stdout, stderr });
  return { run: (code, filename) => py.run(code, { filename }) };
}
