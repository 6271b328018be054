// npm start: sets up, builds, runs the first demo and says what to try next.
// SPDX-License-Identifier: MIT

import { build } from "./build.js";
import { main, run, step } from "./steps.js";

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
  npm run bench                                 what threads cost, against native Python
`);
});
