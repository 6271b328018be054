// The heddle command for child interpreters of CPython's tests, which also sees the tests' files.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node heddle-with-tests.js LIB_FOLDER SHARED_FOLDER [option] ... [-c cmd | -m mod | file | -] [arg] ...
//
// CPython's `test` package (in LIB_FOLDER) is where an installed python has it, so that children find
// it with -I and -E too; SHARED_FOLDER is there at its own path, whatever the command line names.

import { main } from "../../js/src/cli/main.js";

const [libFolder, sharedFolder, ...args] = process.argv.slice(2);
await main([`--mount=${sharedFolder}`, `--mount=${libFolder}/test:/usr/local/lib/python3.13/test`, ...args]);
