// The heddle command for child interpreters of CPython's tests, which also sees the tests' files.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node heddle-with-tests.js LIB_FOLDER SHARED_FOLDER [option] ... [-c cmd | -m mod | file | -] [arg] ...
//
// CPython's `test` package (in LIB_FOLDER) is where an installed python has it, so that children find
// it with -I and -E too; both folders are there at their own paths, whatever the command line names.

import { join } from "node:path";

import { main } from "../../js/src/cli/main.js";
import { FilesExports } from "../../js/src/files/files-exports.js";
import { PythonModule } from "../../js/src/module/python-module.js";

const [libFolder, sharedFolder, ...args] = process.argv.slice(2);

const { start } = PythonModule.prototype;
PythonModule.prototype.start = function (args) {
  const path = "/usr/local/lib/python3.13/test";
  const result = new FilesExports(this).addLink(join(libFolder, "test"), path);
  if (result < 0) throw new Error(`heddle-with-tests.js: cannot link ${path} (errno ${-result})`);
  start.call(this, args);
};

await main([`--mount=${sharedFolder}`, `--mount=${libFolder}`, ...args]);
