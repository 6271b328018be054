// Build ids: whether python.mjs, python.wasm and stdlib.zip are of one build. wasm/host/stamp-build.py writes them.
// SPDX-License-Identifier: MIT
// @ts-check

import { LoadError } from "../errors.js";

const SECTION = "build_id";
const ENTRY = "build.id";
const ID_SIZE = 32;

// Of the header before a file in a zip archive: its size, and where the size of the name stands.
const HEADER_SIZE = 30;
const NAME_SIZE_AT = 26;

const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder("latin1").decode(bytes);

/**
 * The build of python.wasm; undefined where it has none.
 * @param {WebAssembly.Module} module
 */
export function buildOfModule(module) {
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  return section && text(new Uint8Array(section, 1)); // after its size
}

/**
 * The build of stdlib.zip; undefined where it has none.
 * @param {Uint8Array} archive
 */
export function buildOfArchive(archive) {
  const start = HEADER_SIZE + ENTRY.length;
  const named =
    archive[NAME_SIZE_AT] === ENTRY.length && text(archive.subarray(HEADER_SIZE, start)) === ENTRY;
  return named ? text(archive.subarray(start, start + ID_SIZE)) : undefined;
}

/**
 * Throws a LoadError if files are of different builds.
 * @param {Record<string, string | undefined>} builds by file
 * @example
 * checkSameBuild({ "python.mjs": createPython.buildId, "python.wasm": buildOfModule(module) });
 */
export function checkSameBuild(builds) {
  if (new Set(Object.values(builds)).size <= 1) return;
  const seen = Object.entries(builds).map(([file, build]) => `${file} of ${build ?? "one without an id"}`);
  throw new LoadError(
    `heddle: loadPython(): the files are of different builds: ${seen.join(", ")}. ` +
      "Upload or install all files of dist/ again, and empty caches that may hold some of them.",
  );
}
