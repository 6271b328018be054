// What `npm pack` and `npm publish` run first and last: makes what the package holds besides its sources.
// SPDX-License-Identifier: MIT
//
//   dist/    the files of the release build, copied: npm leaves links out
//   js/page/ js/src in two files, for pages without a bundler
//   types/   .d.ts files, from the JSDoc

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleForPages, PAGE_MODULES } from "./bundle.js";
import { build, DIST, linkDist, PACKAGE_DIST } from "./build.js";
import { installDevelopmentTools } from "./check.js";
import { main, run, step } from "./steps.js";
import { PROJECT } from "../wasm/toolchain/sandbox.js";

await main(import.meta.url, async (args) => {
  const types = join(PROJECT, "types");
  for (const made of [types, PAGE_MODULES]) rmSync(made, { recursive: true, force: true });
  if (args.includes("--done")) return linkDist();
  await build("wasm-release", ["python", "stdlib"]);
  await installDevelopmentTools();
  await step("Types of the package", () => run("npx", ["tsc", "-p", "js"]));
  await bundleForPages();
  rmSync(PACKAGE_DIST);
  cpSync(DIST, PACKAGE_DIST, { recursive: true });
});
