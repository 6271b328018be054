// How many bytes a page has to fetch, compressed as a server would.
// SPDX-License-Identifier: MIT
// @ts-check

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { projectRoot } from "../tests/python/interpreters.js";

const CODINGS = {
  // As for files that are compressed once, ahead of time.
  brotli: (/** @type {Buffer} */ bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (/** @type {Buffer} */ bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/**
 * The sum over the files; what does not get smaller is sent as it is.
 * @param {string[]} paths from the project's folder
 * @param {keyof typeof CODINGS} coding
 */
export async function compressedBytes(paths, coding) {
  const sizes = paths.map(async (path) => {
    const bytes = await readFile(join(projectRoot, path));
    return Math.min(bytes.length, (await CODINGS[coding](bytes)).length);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
