// Opens Heddle for a program, in Node or in a page.
// SPDX-License-Identifier: MIT
// @ts-check

import { HOME } from "./run-program.js";

// A page takes what the package has for pages.
const modules = typeof document === "object" ? "page" : "src";
/** @type {typeof import("../../js/src/index.js")} */
const { loadPython } = await import(`../../js/${modules}/index.js`);

/** @type {import("./run-program.js").Open} */
export async function open(files, { stdout, stderr }) {
  const placed = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${HOME}/${path}`, bytes]));
  const py = await loadPython({ files: placed, stdout, stderr });
  return { run: (code, filename) => py.run(code, { filename }) };
}
