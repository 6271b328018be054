// Bundles the package's modules for pages: two files instead of thirty, which a browser would fetch step by step.
// SPDX-License-Identifier: MIT

import { join } from "node:path";
import { PROJECT } from "../wasm/toolchain/sandbox.js";

/** Where the package has them. */
export const PAGE_MODULES = join(PROJECT, "js/page");

/**
 * Writes index.js and cell.js, which are what those of js/src are, without the part for Node (package.json's "browser"
 * leaves it out). Names stay, for stacks. Needs the development tools.
 * @param {string} [folder] as deep below the one with dist/ as js/src is: addresses of files are relative
 */
export async function bundleForPages(folder = PAGE_MODULES) {
  const esbuild = await import("esbuild");
  for (const name of ["index.js", "cell.js"]) {
    await esbuild.build({
      absWorkingDir: PROJECT,
      entryPoints: [`js/src/${name}`],
      outfile: join(folder, name),
      external: name === "cell.js" ? ["./index.js"] : [],
      bundle: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      minifySyntax: true,
      minifyWhitespace: true,
      banner: { js: "// Made from js/src. SPDX-License-Identifier: MIT" },
      sourcemap: true,
      logLevel: "warning",
    });
  }
}
