// The package's public names.
// SPDX-License-Identifier: MIT
// @ts-check

export { loadPython } from "./load-python.js";
export { Python } from "./python.js";
export { PyRepr } from "./py-repr.js";
export {
  ClosedError,
  FileError,
  HeddleError,
  LoadError,
  PythonError,
  PythonExitError,
  TimeoutError,
  UnsupportedHostError,
  ValueCopyError,
} from "./errors.js";
