// The package's public names.
// SPDX-License-Identifier: MIT
// @ts-check

export { loadPython } from "./load-python.js";
export { Python } from "./python.js";
export { PyRepr } from "./session/py-repr.js";
export {
  ClosedError,
  FileError,
  HeddleError,
  LoadError,
  OptionError,
  OutOfMemoryError,
  PythonError,
  PythonExitError,
  TimeoutError,
  UnresponsiveError,
  UnsupportedHostError,
  ValueCopyError,
} from "./errors.js";
