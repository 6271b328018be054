// The files of one build of python.wasm, and where they are.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * @typedef {object} DistributionURLs
 * @property {URL} glue Emscripten's, which is also what workers run
 * @property {URL} wasm
 * @property {URL} stdlib the standard library's archive: what most programs use
 * @property {URL} stdlibRest the archive of all else, wanted by the first import of something in it
 * @property {URL} stdlibSources the archive of their sources, wanted by the first traceback through the library
 */

/**
 * The files that the package holds. Written so that bundlers see which files are meant: they take them
 * along, as they are, and put their new places here.
 * @returns {DistributionURLs}
 */
export function packagedFiles() {
  return {
    glue: new URL("../../dist/python.mjs", import.meta.url),
    wasm: new URL("../../dist/python.wasm", import.meta.url),
    stdlib: new URL("../../dist/stdlib.zip", import.meta.url),
    stdlibRest: new URL("../../dist/stdlib-rest.zip", import.meta.url),
    stdlibSources: new URL("../../dist/stdlib-sources.zip", import.meta.url),
  };
}

/**
 * The files of a folder, under the names that they have in the package's dist folder.
 * @param {URL} folder
 * @returns {DistributionURLs}
 * @example
 * filesIn(new URL("https://example.org/heddle/")).wasm.pathname; // "/heddle/python.wasm"
 */
export function filesIn(folder) {
  const base = new URL(folder);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return {
    glue: new URL("python.mjs", base),
    wasm: new URL("python.wasm", base),
    stdlib: new URL("stdlib.zip", base),
    stdlibRest: new URL("stdlib-rest.zip", base),
    stdlibSources: new URL("stdlib-sources.zip", base),
  };
}
