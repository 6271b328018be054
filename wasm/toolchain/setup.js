// Sets up everything that the build needs, once for each machine: toolchain, sources, libraries, CPython.
// SPDX-License-Identifier: MIT
//
// Each part lies in the cache folder under a name that holds a hash of all that went into it (parts.js). A set-up
// that has nothing to do ends at once. Clones of the project share the parts.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { checkTools, makeToolchain, rootPrefix } from "./debian.js";
import { COMPLETE, LOGS, isComplete, lockCache } from "./parts.js";
import { DEBIAN_SUITE, DISK_GIB, PACKAGES, SOURCES } from "./pins.js";
import { SetupError, Step, runLogged } from "./progress.js";
import { CACHE, PROJECT, USES_HOST_TOOLS, insideToolchain } from "./sandbox.js";
import { fetchSources } from "./sources.js";

export { SetupError, rootPrefix };

/**
 * Where the parts are.
 * @typedef {object} Parts
 * @property {string} toolchain the toolchain's folder ("" when the user brings the tools)
 * @property {string} sources   unpacked source packages, one folder each, named as in pins.js
 * @property {string} deps      include/ and lib/ of zlib, bzip2, lzma, sqlite3
 * @property {string} cpython   CPython's build folder
 */

/** @param {...string} inputs */
const hash = (...inputs) => createHash("sha256").update(inputs.join("\0")).digest("hex").slice(0, 12);
/** @param {string} path below the project */
const text = (path) => readFileSync(join(PROJECT, path), "utf8");

/** The names that the parts have for this state of the project. */
function partNames() {
  const toolchain = USES_HOST_TOOLS ? "host" : hash(DEBIAN_SUITE, PACKAGES.join());
  const sources = hash(JSON.stringify(SOURCES, (_, v) => (v instanceof RegExp ? v.source : v)));
  const deps = hash(toolchain, sources, text("wasm/toolchain/build-deps.sh"));
  const cpython = hash(
    deps,
    text("wasm/cpython/build-cpython.sh"),
    text("wasm/cpython/config.site"),
    text("wasm/cpython/Setup.local"),
    text("wasm/foreign/ffi.h"),
  );
  return {
    toolchain: USES_HOST_TOOLS ? "" : join(CACHE, `toolchain-${toolchain}`),
    sources: join(CACHE, `sources-${sources}`),
    deps: join(CACHE, `deps-${deps}`),
    cpython: join(CACHE, `cpython-${cpython}`),
  };
}

/**
 * Sets up what is missing.
 * @returns {Promise<Parts>} rejects with a SetupError
 */
export async function setUp() {
  const parts = partNames();
  if (Object.values(parts).every(isComplete)) return parts;
  checkMachine();
  const unlock = lockCache();
  try {
    if (!isComplete(parts.toolchain)) await makeToolchain(parts.toolchain);
    checkTools(parts.toolchain);
    if (!isComplete(parts.sources)) await fetchSources(parts.toolchain, parts.sources);
    if (!isComplete(parts.deps)) {
      await build(
        "Libraries (zlib, bzip2, lzma, sqlite3)",
        parts.toolchain,
        parts.deps,
        "wasm/toolchain/build-deps.sh",
        [parts.sources],
      );
    }
    if (!isComplete(parts.cpython)) {
      await build("CPython 3.13", parts.toolchain, parts.cpython, "wasm/cpython/build-cpython.sh", [
        parts.sources,
        parts.deps,
        join(PROJECT, "wasm/cpython"),
      ]);
    }
    return parts;
  } finally {
    unlock();
  }
}

/** Refuses machines that cannot do it, before anything is downloaded. */
function checkMachine() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetupError(
      `Building Heddle needs Linux on x86-64; this is ${process.platform} on ${process.arch}. ` +
        "Use a Debian 12 or 13 machine or container, or install the npm package, which needs no build.",
    );
  }
  mkdirSync(CACHE, { recursive: true });
  const { bavail, bsize } = statfsSync(CACHE);
  const free = (bavail * bsize) / 2 ** 30;
  const have =
    existsSync(partNames().toolchain || CACHE) &&
    readdirSync(CACHE).some((name) => name.startsWith("toolchain-"));
  if (!have && free < DISK_GIB) {
    throw new SetupError(
      `${CACHE} has ${free.toFixed(1)} GiB free; the first set-up needs ${DISK_GIB}. ` +
        "Free some space, or choose another disk with XDG_CACHE_HOME=<folder>.",
    );
  }
}

/**
 * Runs a build script as `sh SCRIPT ARGS... FOLDER`; FOLDER is under a temporary name until it is complete.
 * @param {string} title
 * @param {string} toolchain
 * @param {string} folder
 * @param {string} script below the project
 * @param {string[]} args
 */
async function build(title, toolchain, folder, script, args) {
  const step = new Step(title);
  const log = join(LOGS, `${script.split("/").pop()}.log`);
  try {
    rmSync(folder, { recursive: true, force: true });
    await runLogged(step, insideToolchain(toolchain, ["sh", join(PROJECT, script), ...args, folder]), log);
    writeFileSync(join(folder, COMPLETE), "");
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

if (process.argv[1] && statSync(process.argv[1]).ino === statSync(new URL(import.meta.url)).ino) {
  try {
    const parts = await setUp();
    if (process.argv.includes("--print")) console.log(JSON.stringify(parts, null, 2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`heddle: ${error.message}`);
    process.exit(1);
  }
}
