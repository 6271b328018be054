// The browsers of the tests, Debian's own: where they are, and how they get there.
// SPDX-License-Identifier: MIT
// @ts-check

import { existsSync } from "node:fs";
import { join } from "node:path";
import { runLogged, SetupError, Step } from "../../wasm/toolchain/progress.js";
import { CACHE } from "../../wasm/toolchain/sandbox.js";
import { rootPrefix } from "../../wasm/toolchain/setup.js";

const chromiumArguments = ["--js-flags=--expose-gc"];
// Its sandbox does not work for root, whom containers use.
if (process.getuid?.() === 0) chromiumArguments.push("--no-sandbox");

/** @satisfies {Record<string, {product: "chrome" | "firefox", path: string, package: string, args: string[]}>} */
export const BROWSERS = {
  chromium: {
    product: "chrome",
    path: process.env.HEDDLE_CHROMIUM ?? "/usr/bin/chromium",
    package: "chromium",
    args: chromiumArguments,
  },
  firefox: {
    product: "firefox",
    path: process.env.HEDDLE_FIREFOX ?? "/usr/bin/firefox-esr",
    package: "firefox-esr",
    args: [],
  },
};

/** Installs the browsers that are not there. Rejects with a SetupError. */
export async function installBrowsers() {
  const missing = () => Object.values(BROWSERS).filter(({ path }) => !existsSync(path));
  const packages = missing().map((browser) => browser.package);
  if (packages.length === 0) return;
  const root = rootPrefix("The browser tests install Debian's " + packages.join(" and "), {
    otherwise: "Or install them yourself, and name them with HEDDLE_CHROMIUM and HEDDLE_FIREFOX.",
  });
  const step = new Step(`Browsers (${packages.join(", ")})`);
  const install = `apt-get update -q && apt-get install -q -y --no-install-recommends ${packages.join(" ")}`;
  const [file, ...args] = [...root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", install];
  try {
    await runLogged(step, { file, args }, join(CACHE, "logs/browsers.log"));
    const [still] = missing();
    if (still)
      throw new SetupError(`The package ${still.package} is installed, but there is no ${still.path}.`);
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}
