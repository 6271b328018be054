// Runs report.py in a page of a browser, each time in a new one.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawnSync } from "node:child_process";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";

import { DIST, DIST_PATH, launch, PAGE, startServer } from "../browser/support.js";
import { installBrowsers } from "../browser/install.js";
import { projectRoot } from "../python/interpreters.js";

/** Where a page's Python has CPython's Lib folder, and the project. */
export const PAGE_LIB = "/tests/Lib";
const PAGE_PROJECT = "/tests/project";

const PYTHON_FILES = ["tests/cpython/report.py", "tests/python/json_report.py"];
const ARCHIVE = "/cpython-tests.tar";
const SCRIPT = 'import("/tests/cpython/page.js")';
const POLL_MS = 250;

/** What the modules of `test` import of each other, besides their own folder. */
const SHARED = ["__init__.py", "support", "lock_tests.py"];

/**
 * A tar archive of what a module of CPython's tests needs.
 * @param {string} libFolder
 * @param {string} module test.test_queue, or test.test_concurrent_futures.test_wait
 */
function testArchive(libFolder, module) {
  const [, name, inPackage] = module.split(".");
  const names = [...SHARED, inPackage ? name : `${name}.py`].map((path) => `test/${path}`);
  const { status, stdout, stderr } = spawnSync("tar", ["-c", "--exclude=__pycache__", ...names], {
    cwd: libFolder,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`cannot pack ${names.join(", ")} of ${libFolder}: ${stderr}`);
  return stdout;
}

/**
 * A browser whose pages run modules of CPython's tests.
 * @param {import("../browser/support.js").BrowserName} name
 * @param {string} libFolder
 */
export async function openPageInterpreter(name, libFolder) {
  await installBrowsers();
  /** @type {Map<string | null, Buffer>} by module */
  const archives = new Map();
  const server = await startServer({
    answers: {
      // Beside the python.wasm for tests they are links out of the folder, and the server follows none.
      ...Object.fromEntries(
        ["stdlib.zip", "stdlib-rest.zip", "stdlib-sources.zip"].map((name) => [
          `${DIST_PATH}${name}`,
          (_, response) => createReadStream(join(DIST, name)).pipe(response),
        ]),
      ),
      [ARCHIVE]: ({ url }, response) =>
        response.end(archives.get(new URL(url ?? "", "http://localhost").searchParams.get("module"))),
    },
  });
  const browser = await launch(name);
  const files = Object.fromEntries(
    PYTHON_FILES.map((path) => [`${PAGE_PROJECT}/${path}`, readFileSync(join(projectRoot, path), "utf8")]),
  );

  return {
    /**
     * @param {string} module
     * @param {string[]} args of report.py
     * @param {number} deadlineS
     * @returns {Promise<import("../python/interpreters.js").Outcome>}
     */
    async run(module, args, deadlineS) {
      const started = performance.now();
      archives.set(module, testArchive(libFolder, module));
      const page = await browser.newPage();
      const said = { stdout: "", stderr: "" };
      /** @type {number | undefined} */
      let code;
      let timedOut = false;
      page.on("pageerror", (error) => (said.stderr += `uncaught: ${/** @type {Error} */ (error).message}\n`));
      try {
        await page.goto(server.origin + PAGE);
        const options = {
          archive: `${ARCHIVE}?module=${module}`,
          files,
          argv: [`${PAGE_PROJECT}/${PYTHON_FILES[0]}`, ...args],
          libFolder: PAGE_LIB,
        };
        await page.evaluate(`${SCRIPT}.then(({ start }) => start(${JSON.stringify(options)}))`);
        while (code === undefined && !timedOut) {
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          timedOut = performance.now() - started > deadlineS * 1000;
          const news = /** @type {ReturnType<typeof import("./page.js").take>} */ (
            await page.evaluate(`${SCRIPT}.then(({ take }) => take())`)
          );
          said.stdout += news.stdout;
          said.stderr += news.stderr;
          code = news.code;
        }
      } catch (error) {
        said.stderr += `the page failed: ${/** @type {Error} */ (error).message}\n`;
      } finally {
        await page.close();
      }
      const seconds = (performance.now() - started) / 1000;
      return { ...said, code: code ?? 134, timedOut, seconds, firstOutputSeconds: undefined };
    },

    async close() {
      await browser.close();
      server.close();
    },
  };
}
