// Runs commands inside the pinned toolchain: a Debian folder seen as the root file system.
// SPDX-License-Identifier: MIT
//
// The command gets a mount namespace of its own with a small in-memory root. It has the toolchain's usr, etc and var,
// and the machine's proc, dev, sys and tmp. The project, the cache folder and a wasi-sdk are at the paths that they
// have outside. So every path in a message or a debug file is valid on both sides, and nothing is left mounted.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { constants, homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const PROJECT = resolve(fileURLToPath(import.meta.url), "../../..");

/** The cache folder, shared by all clones of the project on this machine. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "heddle");

/** The folder of the user's wasi-sdk: WASI_SDK_PATH, "" if there is none. */
export const WASI_SDK = process.env.WASI_SDK_PATH ? resolve(process.env.WASI_SDK_PATH) : "";

/** True when the user brings the tools: HEDDLE_TOOLCHAIN=host. */
export const USES_HOST_TOOLS = process.env.HEDDLE_TOOLCHAIN === "host";

const ENTER = `
set -e
root=$1 new=$2 project=$3 cache=$4 sdk=$5 dir=$6; shift 6
mount -t tmpfs -o size=64m tmpfs "$new"
for d in usr etc var; do mkdir "$new/$d"; mount --rbind "$root/$d" "$new/$d"; done
for d in bin sbin lib lib32 lib64; do ln -s "usr/$d" "$new/$d"; done
for d in proc dev sys tmp; do mkdir "$new/$d"; mount --rbind "/$d" "$new/$d"; done
for d in "$cache" "$project" \${sdk:+"$sdk"}; do mkdir -p "$new$d"; mount --rbind "$d" "$new$d"; done
exec chroot "$new" /usr/bin/env -C "$dir" "$@"
`;

/** The folder of the user's Emscripten: EMSDK's, else that of the emcc on PATH ("" if there is none). */
function hostEmscripten() {
  if (process.env.EMSDK) return join(process.env.EMSDK, "upstream/emscripten");
  for (const folder of (process.env.PATH ?? "").split(":")) {
    const emcc = join(folder, "emcc");
    if (existsSync(emcc)) return dirname(realpathSync(emcc));
  }
  return "";
}

/**
 * The command line that runs `argv` inside the toolchain.
 * @param {string} root the toolchain's folder (ignored when the user brings the tools)
 * @param {string[]} argv
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {{ file: string, args: string[], env: Record<string, string | undefined> }}
 */
export function insideToolchain(root, argv, { cwd = PROJECT, env = {} } = {}) {
  const common = {
    HEDDLE_EMSCRIPTEN: USES_HOST_TOOLS ? hostEmscripten() : "/usr/share/emscripten", // for CMakePresets.json
    EM_FROZEN_CACHE: "1",
    CCACHE_DIR: join(CACHE, "ccache"),
    CCACHE_MAXSIZE: "2G",
    // Clones share what they compile: their own paths do not count.
    CCACHE_BASEDIR: PROJECT,
    CCACHE_NOHASHDIR: "true",
    EM_COMPILER_WRAPPER: "/usr/bin/ccache",
    PYTHONDONTWRITEBYTECODE: "1",
    WASI_SDK_PATH: WASI_SDK,
    SOURCE_DATE_EPOCH: "1735689600",
    ...env,
  };
  if (USES_HOST_TOOLS) {
    const { EM_COMPILER_WRAPPER: _, ...rest } = common;
    return {
      file: "env",
      args: ["-C", cwd, ...argv],
      env: { ...process.env, ...rest, PATH: `${common.HEDDLE_EMSCRIPTEN}:${process.env.PATH}` },
    };
  }
  const mountPoint = join(CACHE, "root");
  mkdirSync(mountPoint, { recursive: true });
  const inner = Object.entries({
    PATH: "/usr/share/emscripten:/usr/lib/llvm-19/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: join(CACHE, "home"),
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TERM: process.env.TERM ?? "dumb",
    ...common,
  }).map(([k, v]) => `${k}=${v}`);
  mkdirSync(join(CACHE, "home"), { recursive: true });
  const asRoot = process.getuid?.() === 0;
  return {
    file: "unshare",
    args: [
      ...(asRoot ? [] : ["--map-root-user"]),
      "--mount",
      "sh",
      "-c",
      ENTER,
      "enter",
      root,
      mountPoint,
      PROJECT,
      CACHE,
      WASI_SDK,
      cwd,
      "-i",
      ...inner,
      ...argv,
    ],
    env: process.env,
  };
}

/**
 * Runs `argv` inside the toolchain with this process's own streams.
 * @param {string} root
 * @param {string[]} argv
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInside(root, argv, options) {
  const { file, args, env } = insideToolchain(root, argv, options);
  return new Promise((done, failed) => {
    const child = spawn(file, args, { stdio: "inherit", env });
    child.on("error", failed);
    child.on("exit", (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)));
  });
}
