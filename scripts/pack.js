// What `npm pack` and `npm publish` run first and last: makes what the package holds besides its sources.
// SPDX-License-Identifier: MIT
//
//   dist/    the three files of the release build, copied: npm leaves links out
//   types/   .d.ts files, from the JSDoc

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, DIST, linkDist, PACKAGE_DIST } from "./build.js";
import { installDevelopmentTools } from "./check.js";
import { main, run, step } from "./steps.js";
import { PROJECT } from "../wasm/toolchain/sandbox.js";

await main(import.meta.url, async (args) => {
  const types = join(PROJECT, "types");
  rmSync(types, { recursive: true, force: true });
  if (args.includes("--done")) return linkDist();
  await build("wasm-release", ["python", "stdlib"]);
  await installDevelopmentTools();
  await step("Types of the package", () => run("npx", ["tsc", "-p", "js"]));
  rmSync(PACKAGE_DIST);
  cpSync(DIST, PACKAGE_DIST, { recursive: true });
});
