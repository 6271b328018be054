// The page's side of page-interpreter.js: a program in py.run(), and what it prints.
// SPDX-License-Identifier: MIT
// @ts-check

import { loadPython, PythonError } from "../../js/src/index.js";

const printed = { stdout: "", stderr: "" };
/** @type {number | undefined} */
let code;

/**
 * Begins to run a program; take() tells about it.
 * @param {object} options
 * @param {string} options.archive address of a tar archive
 * @param {string} options.libFolder where its files are to be
 * @param {Record<string, string>} options.files
 * @param {string[]} options.argv
 */
export function start(options) {
  run(options).then(
    (exitCode) => (code = exitCode),
    (error) => {
      printed.stderr += `${error.stack ?? error}\n`;
      code = 1;
    },
  );
}

/** @param {Parameters<typeof start>[0]} options */
async function run({ archive, libFolder, files, argv }) {
  const response = await fetch(archive);
  if (!response.ok) throw new Error(`${archive}: the server answers ${response.status}`);
  const tests = new Uint8Array(await response.arrayBuffer());
  const py = await loadPython({
    files: { ...files, "/tests/archive.tar": tests },
    env: { PYTHONDONTWRITEBYTECODE: "1", PYTHON_COLORS: "0" },
    stdout: (text) => (printed.stdout += text),
    stderr: (text) => (printed.stderr += text),
  });
  try {
    await py.run(
      `
import runpy, sys, tarfile
with tarfile.open("/tests/archive.tar") as archive:
    archive.extractall(lib_folder, filter="data")
sys.argv[:] = argv
runpy.run_path(argv[0], run_name="__main__")`,
      { globals: { argv, lib_folder: libFolder } },
    );
    return 0;
  } catch (error) {
    if (error instanceof PythonError && error.type === "SystemExit") return Number(error.code ?? 0);
    throw error;
  } finally {
    await py.close();
  }
}

/** What has been printed since the last call; code is there once the program has ended. */
export function take() {
  const news = { ...printed, code };
  printed.stdout = printed.stderr = "";
  return news;
}
