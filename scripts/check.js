// npm run check: house rules, format, lint and types. With --fix, formats instead of complaining.
// SPDX-License-Identifier: MIT

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT, runInside } from "../wasm/toolchain/sandbox.js";
import { setUp } from "../wasm/toolchain/setup.js";
import { checkHouse } from "./house.js";
import { main, run, step } from "./steps.js";

/** Installs package.json's devDependencies where there are none. */
export async function installDevelopmentTools() {
  const { devDependencies } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  const isThere = (/** @type {string} */ name) => existsSync(join(PROJECT, "node_modules", name));
  if (Object.keys(devDependencies).every(isThere)) return;
  await step("Development tools", () => run("npm", ["ci", "--no-fund", "--no-audit", "--ignore-scripts"]));
}

/** @param {boolean} fix */
export async function check(fix = false) {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.c", "*.cpp", "*.h"], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  await step("House rules", async () => checkHouse());
  const { toolchain } = await setUp();
  await installDevelopmentTools();
  const mode = fix ? ["-i"] : ["--dry-run", "-Werror"];
  await step("C++ format", () =>
    runInside(toolchain, ["clang-format-19", ...mode, ...files.split("\n").filter(Boolean)]),
  );
  await step("JavaScript format", () =>
    run("npx", ["prettier", fix ? "--write" : "--check", "--log-level=warn", "."]),
  );
  await step("JavaScript lint", () => run("npx", ["eslint", "."]));
  await step("JavaScript types", () => run("npx", ["tsc", "-p", "."]));
  await step("Types that the package gives away", () => run("npx", ["tsc", "-p", "tests/js"]));
}

await main(import.meta.url, (args) => check(args.includes("--fix")));
