// Builds the playground and the other demos of pages into build/playground, for any static host.
// SPDX-License-Identifier: MIT
//
// usage: node scripts/playground.js
//
// The folder mirrors the package: dist lies where it lies there, and js/src has what js/page has there, so that paths
// are the same. Python itself is copied.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import * as esbuild from "esbuild";
import { PROJECT } from "../wasm/toolchain/sandbox.js";
import { DIST } from "./build.js";
import { bundleForPages } from "./bundle.js";
import { main, StepFailed } from "./steps.js";

const SOURCES = join(PROJECT, "demos/playground");
const COPIES = {
  "demos/repl": join(PROJECT, "demos/repl"),
  "demos/cell": join(PROJECT, "demos/cell"),
  "index.html": join(SOURCES, "index.html"),
  "icon.svg": join(SOURCES, "icon.svg"),
};

/**
 * Gives the folder. Python must have been built.
 * @param {string} [target]
 * @returns {Promise<string>}
 */
export async function buildPlayground(target = join(PROJECT, "build/playground")) {
  const dist = process.env.HEDDLE_DIST ?? DIST;
  if (!existsSync(join(dist, "python.wasm"))) {
    throw new StepFailed(`there is no python.wasm in ${dist}. Build it first: npm run build`);
  }
  rmSync(target, { recursive: true, force: true });
  for (const [to, from] of Object.entries(COPIES)) copy(from, join(target, to));
  for (const name of ["python.mjs", "python.wasm", "stdlib.zip", "stdlib-rest.zip", "stdlib-sources.zip"])
    copy(join(dist, name), join(target, "dist", name));
  await bundleForPages(join(target, "js/src"));
  /** @type {esbuild.BuildOptions} */
  const options = {
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "linked",
    logLevel: "warning",
  };
  await esbuild.build({
    ...options,
    entryPoints: { playground: join(SOURCES, "main.js"), style: join(SOURCES, "style.css") },
    outdir: target,
    external: ["heddle"], // the page's import map says where it is
    loader: { ".py": "text" },
    sourcemap: true,
  });
  const files = filesOf(target).filter((file) => !/\.(map|md)$/.test(file));
  await esbuild.build({
    ...options,
    format: "iife",
    entryPoints: [join(SOURCES, "service-worker.js")],
    outfile: join(target, "service-worker.js"),
    define: {
      HEDDLE_VERSION: JSON.stringify(hashOf(target, files)),
      HEDDLE_FILES: JSON.stringify(["./", ...files]),
    },
  });
  return target;
}

/**
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

/**
 * @param {string} folder
 * @returns {string[]} paths relative to it, as addresses have them
 */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)).split(sep).join("/"))
    .sort();
}

/**
 * @param {string} folder
 * @param {string[]} files
 */
function hashOf(folder, files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest("hex").slice(0, 12);
}

await main(import.meta.url, async () => {
  const started = performance.now();
  const target = await buildPlayground();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`playground: built ${relative(PROJECT, target)} in ${seconds} s`);
});
