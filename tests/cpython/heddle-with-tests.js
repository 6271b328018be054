// The heddle command for child interpreters of CPython's tests, which also sees the tests' files.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node heddle-with-tests.js LIB_FOLDER SHARED_FOLDER [option] ... [-c cmd | -m mod | file | -] [arg] ...
//
// CPython's `test` package (in LIB_FOLDER) is where an installed python has it, so that children find
// it with -I and -E too; SHARED_FOLDER is there at its own path, whatever the command line names.

import { join } from "node:path";

import { main } from "../../js/src/cli/main.js";
import { FilesExports } from "../../js/src/files/files-exports.js";
import { PythonModule } from "../../js/src/module/python-module.js";

const [libFolder, sharedFolder, ...args] = process.argv.slice(2);

const { start } = PythonModule.prototype;
const { mountHost } = FilesExports.prototype;

PythonModule.prototype.start = function (args) {
  const files = new FilesExports(this);
  const wanted = { [sharedFolder]: sharedFolder, "/usr/local/lib/python3.13/test": join(libFolder, "test") };
  for (const [path, hostPath] of Object.entries(wanted)) {
    const result = mountHost.call(files, path, hostPath);
    if (result < 0)
      throw new Error(`heddle-with-tests.js: cannot mount ${hostPath} at ${path} (errno ${-result})`);
  }
  start.call(this, args);
};
// The command line mounts what it names, but what lies in the shared folder will be there anyway.
FilesExports.prototype.mountHost = function (path, hostPath) {
  return `${path}/`.startsWith(`${sharedFolder}/`) ? 0 : mountHost.call(this, path, hostPath);
};

await main(args);
