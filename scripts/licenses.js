// LICENSES.txt: the license texts of what is linked into the package's files, from their own sources.
// SPDX-License-Identifier: MIT

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, USES_HOST_TOOLS } from "../wasm/toolchain/sandbox.js";

/**
 * @typedef {object} Part
 * @property {string} name as in NOTICES.md
 * @property {"sources" | "toolchain"} from
 * @property {string} file
 * @property {boolean} [isHead] the text is the file's first comment
 * @property {string[]} [libraries] what of it wasm/CMakeLists.txt links by name
 */

/** @type {Part[]} */
export const PARTS = [
  {
    name: "CPython and its standard library",
    from: "sources",
    file: "python3.13/LICENSE",
    libraries: ["libpython3.13.a"],
  },
  {
    name: "What CPython has taken in (libmpdec, mimalloc and others), in its own words",
    from: "sources",
    file: "python3.13/Doc/license.rst",
    libraries: ["libmpdec.a"],
  },
  { name: "expat", from: "sources", file: "python3.13/Modules/expat/COPYING", libraries: ["libexpat.a"] },
  {
    name: "HACL* hash functions",
    from: "sources",
    file: "python3.13/Modules/_hacl/Hacl_Hash_SHA2.c",
    isHead: true,
    libraries: ["libHacl_Hash_SHA2.a"],
  },
  { name: "BLAKE2", from: "sources", file: "python3.13/Modules/_blake2/impl/blake2.h", isHead: true },
  { name: "zlib", from: "sources", file: "zlib/LICENSE", libraries: ["libz.a"] },
  { name: "bzip2", from: "sources", file: "bzip2/LICENSE", libraries: ["libbz2.a"] },
  { name: "liblzma (XZ Utils)", from: "sources", file: "xz-utils/COPYING.0BSD", libraries: ["liblzma.a"] },
  { name: "SQLite", from: "sources", file: "sqlite3/LICENSE.md", libraries: ["libsqlite3.a"] },
  {
    name: "Emscripten's runtime and WASMFS, and what they hold",
    from: "toolchain",
    file: "usr/share/doc/emscripten/copyright",
  },
  {
    name: "musl (through Emscripten)",
    from: "toolchain",
    file: "usr/share/emscripten/system/lib/libc/musl/COPYRIGHT",
  },
  {
    name: "LLVM libc++, libc++abi, compiler-rt (through Emscripten)",
    from: "toolchain",
    file: "usr/share/doc/libc++-19-dev-wasm32/copyright",
  },
];

/** Where pack.js has it written. */
export const LICENSES = join(PROJECT, "LICENSES.txt");

/** @param {import("../wasm/toolchain/setup.js").Parts} parts */
export function writeLicenses({ sources, toolchain }) {
  const roots = { sources, toolchain: USES_HOST_TOOLS ? "/" : toolchain };
  const texts = PARTS.map(({ name, from, file, isHead }) => {
    const whole = readFileSync(join(roots[from], file), "utf8");
    const text = isHead ? whole.slice(0, whole.indexOf("*/") + 2) : whole;
    return `${"=".repeat(100)}\n${name}\n${"=".repeat(100)}\n\n${text.trim()}\n`;
  });
  const head =
    "The licenses of what the files in dist/ hold beside Heddle's own code. NOTICES.md has the overview.";
  writeFileSync(LICENSES, [head, "", ...texts].join("\n"));
}
