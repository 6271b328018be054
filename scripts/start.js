// npm start: sets up, builds, runs the first demo, and serves the playground until Ctrl-C.
// SPDX-License-Identifier: MIT

import { relative } from "node:path";
import { UsageError } from "../js/src/cli/arguments.js";
import { serve } from "../js/src/cli/serve.js";
import { PROJECT } from "../wasm/toolchain/sandbox.js";
import { build } from "./build.js";
import { installDevelopmentTools } from "./check.js";
import { main, run, step, StepFailed } from "./steps.js";

/** Tried in this order; 0 is any that is free. */
const PORTS = [8000, 8080, 0];

await main(import.meta.url, async () => {
  await build("wasm-release", ["python", "stdlib"]);
  await step("demos/01-hello-threads", () =>
    run("node", ["js/bin/heddle.js", "demos/01-hello-threads/main.py"]),
  );
  console.error(`
That was CPython 3.13 in WebAssembly, with one web worker for each Python thread. Try next:

  npx heddle                                    an interactive prompt (Ctrl-D leaves)
  npx heddle -c "import threading; print(threading.main_thread())"
  npx heddle demos/04-deadlock-and-cure/main.py
  npm test                                      every test
  npm run bench                                 what threads cost, against its peers
`);
  await installDevelopmentTools();
  // Only now: it needs what has just been installed.
  const { buildPlayground } = await import("./playground.js");
  const folder = await buildPlayground();
  if (process.stdin.isTTY && process.stdout.isTTY) {
    console.error(
      "The playground, in your browser (the prompt is at demos/repl/, cells are at demos/cell/):\n",
    );
    await serveOnFreePort(folder);
  } else {
    const command = `npx heddle serve ${relative(PROJECT, folder)}`;
    console.error(
      `The playground is built. In a terminal, npm start serves it; anywhere, this does: ${command}`,
    );
  }
});

/** @param {string} folder */
async function serveOnFreePort(folder) {
  for (const port of PORTS) {
    try {
      return await serve([folder, `--port=${port}`]);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (port === 0) throw new StepFailed(error.message);
    }
  }
}
