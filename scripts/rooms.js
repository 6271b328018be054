// Which room may include which: the house's floors, checked by `npm run check`.
// SPDX-License-Identifier: MIT
//
// A file may include its own room, the rooms listed for it, and what is not ours (libc, Emscripten, Node, packages).
// An exception stands below, with its reason.

import { basename, dirname, join, normalize } from "node:path/posix";

/** The core's public headers lie together in include/heddle; each belongs to the room of its code. */
const PUBLIC_HEADERS = "runtime/include/heddle";
/** @type {Record<string, string[]>} */
const HEADERS_OF_ROOMS = {
  base: ["function_ref", "text_writer", "thread_safety", "time", "timespec"],
  park: ["futex", "ident", "parking_lot", "wait"],
  sync: ["condition", "event", "lock", "rlock", "semaphore"],
  threads: ["thread"],
  signals: ["signals", "timer"],
};
/** The C interface declares functions of all rooms and includes none of them. */
const C_INTERFACE = `${PUBLIC_HEADERS}/heddle.h`;

const core = (/** @type {string[]} */ ...rooms) => rooms.map((room) => `runtime/src/${room}`);
const WHOLE_CORE = core("base", "park", "sync", "threads", "signals", "inspect");
/** What others than the core see of it. */
const PUBLIC_CORE = [PUBLIC_HEADERS, ...WHOLE_CORE];
const js = (/** @type {string[]} */ ...rooms) => rooms.map((room) => `js/src/${room}`);
const JS_BASE = js("errors.js", "distribution.js");

/** Where an #include is looked for, beside its own folder (the include folders of CMakeLists.txt). */
const INCLUDE_FOLDERS = ["runtime/include", "runtime/src", "wasm"];

/**
 * Each room and the rooms below it. A name that ends with a file's ending is that file alone.
 * @type {Record<string, string[]>}
 */
export const ROOMS = {
  "runtime/src/base": [],
  "runtime/src/park": core("base"),
  "runtime/src/sync": core("base", "park"),
  "runtime/src/threads": core("base", "park"),
  "runtime/src/signals": core("base", "park", "sync", "threads"),
  "runtime/src/inspect": core("base", "park", "sync", "threads"),
  "runtime/src/libc": WHOLE_CORE,
  "runtime/platform/emscripten": core("base"),
  "runtime/platform/posix": core("base"),
  "runtime/platform/wasi": [...core("base", "park/word_lock.h"), `${PUBLIC_HEADERS}/futex.h`],

  "wasm/host": PUBLIC_CORE,
  "wasm/streams": PUBLIC_CORE,
  "wasm/console": ["wasm/host", "wasm/streams", ...PUBLIC_CORE],
  "wasm/time": ["wasm/host", ...PUBLIC_CORE],
  "wasm/files": ["wasm/host", "wasm/streams", "wasm/time", ...PUBLIC_CORE], // time: the zones' files
  "wasm/foreign": PUBLIC_CORE,
  "wasm/cpython": ["wasm/host", "wasm/console", "wasm/streams", ...PUBLIC_CORE], // console: a terminal's readline
  "wasm/session": ["wasm/host", "wasm/console", "wasm/streams", "wasm/cpython", ...PUBLIC_CORE],
  "wasm/program": ["wasm/host", "wasm/cpython", "wasm/session", ...PUBLIC_CORE],
  "wasm/wasmtime": ["wasm/host"],

  "js/src/host": [...JS_BASE, ...js("module/host-layout.js")], // facts, which know nobody
  "js/src/workers": js("errors.js", "host"),
  "js/src/module": js("errors.js", "host", "workers"),
  "js/src/console": js("errors.js", "host", "module"),
  "js/src/files": js("errors.js", "checks.js", "bytes.js", "host", "module"),
  "js/src/session": js("errors.js", "bytes.js", "host", "module"),
  "js/src/cli": [...JS_BASE, ...js("host", "workers", "module", "console", "files", "session")],
};

/** Words that only some rooms may use. @type {{word: RegExp, within: RegExp, only: string[], why: string}[]} */
const WORDS = [
  {
    word: /[<"]Python\.h[>"]/,
    within: /\.(cpp|c|h)$/,
    only: ["wasm/cpython", "wasm/session", "wasm/program", "tests/fuzz", "tests/slots"],
    why: "the core, the console and the files know no Python",
  },
  {
    word: /\bspawn_carrier\b/,
    within: /^runtime\/.*\.(cpp|h)$/,
    only: ["runtime/src/threads", "runtime/platform", "runtime/src/base/platform.h"],
    why: "only threads/ makes carriers",
  },
  {
    word: /\bPThread\b/,
    within: /^js\/src\/.*\.js$/,
    only: ["js/src/workers", "js/src/module"], // module/ hands the glue's object through
    why: "only workers/ knows the glue's workers",
  },
  {
    word: /\bprocess\.versions\b|\btypeof (process|window|document)\b/,
    within: /^js\/src\/.*\.js$/,
    only: ["js/src/host", "js/src/isolation-worker.js"], // the latter is a page's script and a service worker in one
    why: "only host/ asks which host this is",
  },
];

/** @param {string} path @param {string} room */
const isIn = (path, room) => path === room || path.startsWith(`${room}/`);

/** The room that a file belongs to; undefined: none of those that are checked. @param {string} path */
function roomOf(path) {
  if (dirname(path) === PUBLIC_HEADERS) {
    const stem = basename(path, ".h");
    const room = Object.entries(HEADERS_OF_ROOMS).find(([, headers]) => headers.includes(stem))?.[0];
    return room && `runtime/src/${room}`;
  }
  return Object.keys(ROOMS).find((room) => isIn(path, room));
}

/**
 * What a file includes or imports, as paths of the project; JSDoc's import() types count.
 * @param {string} path
 * @param {string} text
 * @param {(path: string) => boolean} exists
 */
function* includesOf(path, text, exists) {
  if (path.endsWith(".js")) {
    const imports = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*(?:\/\*.*?\*\/\s*)*)["'](\.{1,2}\/[^"']+)["']/g;
    for (const [, target] of text.matchAll(imports)) yield normalize(join(dirname(path), target));
    return;
  }
  for (const [, target] of text.matchAll(/^\s*#\s*include\s+["<]([^">]+)[">]/gm)) {
    const found = [dirname(path), ...INCLUDE_FOLDERS]
      .map((base) => normalize(join(base, target)))
      .find(exists);
    if (found) yield found;
  }
}

/**
 * The includes and words of a file that its room does not allow, one line each.
 * @param {string} path of the project
 * @param {string} text
 * @param {(path: string) => boolean} exists whether the project has this file
 * @returns {string[]}
 * @example
 * complaintsAboutRooms("runtime/src/park/x.cpp", '#include "heddle/lock.h"', existsSync);
 */
export function complaintsAboutRooms(path, text, exists) {
  const complaints = [];
  const room = roomOf(path);
  if (room) {
    for (const target of includesOf(path, text, exists)) {
      const other = roomOf(target) ?? target;
      const allowed = target === C_INTERFACE || isIn(target, room) || other === room;
      if (!allowed && !ROOMS[room].some((below) => isIn(target, below) || isIn(other, below)))
        complaints.push(`${path} includes ${target}: ${room} must not know ${other}`);
    }
  }
  for (const { word, within, only, why } of WORDS) {
    const allowed = !within.test(path) || only.some((place) => isIn(path, place));
    const seen = allowed ? null : word.exec(text);
    if (seen) complaints.push(`${path} has ${seen[0]}: ${why}`);
  }
  return complaints;
}
