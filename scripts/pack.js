// What `npm pack` and `npm publish` run first and last: makes what the package holds besides its sources.
// SPDX-License-Identifier: MIT
//
//   dist/    the files of the release build, copied: npm leaves links out
//   js/page/ js/src in two files, for pages without a bundler
//   types/   .d.ts files, from the JSDoc
//   LICENSES.txt

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleForPages, PAGE_MODULES } from "./bundle.js";
import { build, DIST, linkDist, PACKAGE_DIST } from "./build.js";
import { installDevelopmentTools } from "./check.js";
import { LICENSES, writeLicenses } from "./licenses.js";
import { main, run, step } from "./steps.js";
import { PROJECT } from "../wasm/toolchain/sandbox.js";

await main(import.meta.url, async (args) => {
  const types = join(PROJECT, "types");
  for (const made of [types, PAGE_MODULES, LICENSES]) rmSync(made, { recursive: true, force: true });
  if (args.includes("--done")) return linkDist();
  writeLicenses(await build("wasm-release", ["python"]));
  await installDevelopmentTools();
  await step("Types of the package", () => run("npx", ["tsc", "-p", "js"]));
  await bundleForPages();
  rmSync(PACKAGE_DIST);
  cpSync(DIST, PACKAGE_DIST, { recursive: true });
});
