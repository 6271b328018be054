// Runs a program on the stock build (Emscripten's own pthreads): node stock.js [FILE...] -- PROGRAM [ARG...]
// SPDX-License-Identifier: MIT
// @ts-check

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST, STOCK_DIST } from "../../scripts/build.js";
import { bundle } from "./bundle.js";
import { HOME } from "./run-program.js";

const { files, main, args } = bundle(process.argv.slice(2));
const { default: createPython } = await import(pathToFileURL(join(STOCK_DIST, "python.mjs")).href);
const python = await createPython({
  thisProgram: "/usr/local/bin/python3.13",
  // No print(): by default a worker writes by itself, at once; a message could come after the exit.
  onExit: (/** @type {number} */ code) => process.exit(code),
});

/** @param {string} path @param {Uint8Array} bytes */
function place(path, bytes) {
  python.FS.mkdirTree(dirname(path));
  python.FS.writeFile(path, bytes);
}

const REST = "/usr/local/lib/python313-rest.zip";
place("/usr/local/lib/python313.zip", readFileSync(join(DIST, "stdlib.zip")));
place(REST, readFileSync(join(DIST, "stdlib-rest.zip")));
python.FS.mkdirTree("/usr/local/lib/python3.13/lib-dynload"); // getpath warns where there is none
for (const [path, bytes] of Object.entries(files)) place(`${HOME}/${path}`, bytes);
python.FS.chdir(HOME);
Object.assign(python.ENV, { PYTHONHOME: "/usr/local", PYTHONPATH: REST, PYTHONUNBUFFERED: "1" });
python.callMain([`${HOME}/${main}`, ...args]);
