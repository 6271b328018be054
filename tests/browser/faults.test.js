// What goes wrong on the way to a running Python, and while it runs: each fault has an error of its own,
// soon, and nothing hangs.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { DIST, DIST_PATH, inBrowsers, PAGE, serveProject } from "./support.js";

// Nobody waits longer for bad news.
const LIMIT_MS = 10_000;

const FILES = ["python.mjs", "python.wasm", "stdlib.zip"];

/** @typedef {import("./support.js").Handler} Handler */
/** What a server can do wrong with a file. @type {Record<string, {answer: Handler, says: RegExp}>} */
const SERVER_FAULTS = {
  "is not there": {
    answer: (_, response) => response.writeHead(404).end("nothing here"),
    says: /cannot load .*: the server answers 404/,
  },
  "has no connection": {
    answer: (request) => request.socket.destroy(),
    says: /cannot load .*no connection/,
  },
  "is a web page": {
    answer: (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>"),
    says: /cannot load .*: the server answers with a web page/,
  },
  "is cut short": {
    answer: cutShort(false),
    says: /python\.mjs|no whole WebAssembly module.*cut short|no whole archive .*cut short/,
  },
  "breaks off": {
    answer: cutShort(true),
    says: /cannot load .*it broke|no whole WebAssembly module/,
  },
};

/**
 * Answers with half a file.
 * @param {boolean} promisesAll the connection breaks before the end that was announced
 * @returns {import("./support.js").Handler}
 */
function cutShort(promisesAll) {
  return (request, response) => {
    const name = (request.url ?? "").slice(DIST_PATH.length);
    const bytes = readFileSync(`${DIST}/${name}`);
    const half = bytes.subarray(0, bytes.length / 2);
    const type = name.endsWith(".mjs") ? "text/javascript" : "application/wasm";
    response.writeHead(200, { "Content-Type": type, "Content-Length": (promisesAll ? bytes : half).length });
    response.write(half, () => (promisesAll ? response.destroy() : response.end()));
  };
}

const faults = /** @type {Record<string, import("./support.js").Handler>} */ ({});
const origin = await serveProject({ answers: faults });
const bareOrigin = await serveProject({ headers: {} });

/**
 * @param {{name: string, message: string, ms: number}} error
 * @param {string} name
 * @param {RegExp} says
 */
function assertError(error, name, says) {
  assert.equal(error.name, name, error.message);
  assert.match(error.message, says);
  assert.ok(error.ms < LIMIT_MS, `it took ${error.ms} ms`);
}

inBrowsers((browser) => {
  describe("the rest of the standard library", () => {
    for (const [what, { answer }] of Object.entries(SERVER_FAULTS)) {
      test(`${what}: the import fails, and the next one tries again`, async (t) => {
        // Without the compiled modules Python would take the sources.
        const files = ["stdlib-rest.zip", "stdlib-sources.zip"].map((name) => `${DIST_PATH}${name}`);
        const mend = () => files.forEach((file) => delete faults[file]);
        t.after(mend);
        for (const file of files) faults[file] = answer;
        const page = await browser.open(t, origin + PAGE);
        const { said, error } = await page.run(async ({ loadPython, rejection }) => {
          let said = "";
          const py = await loadPython({ stderr: (text) => (said += text) });
          Object.assign(globalThis, { py });
          return { error: await rejection(py.run("import html")), said };
        });
        assertError(error, "PythonError", /I\/O error/);
        assert.match(said, /stdlib-rest\.zip/);
        mend();
        const name = await page.run(() =>
          /** @type {any} */ (globalThis).py.run("import html; html.__name__"),
        );
        assert.equal(name, "html");
      });
    }
  });

  describe("a page that cannot run threads", () => {
    test("is not isolated", async (t) => {
      const page = await browser.open(t, bareOrigin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => rejection(loadPython()));
      assertError(error, "UnsupportedHostError", /not cross-origin isolated/);
      assert.match(error.message, /Cross-Origin-Opener-Policy: same-origin/);
      assert.match(error.message, /Cross-Origin-Embedder-Policy: require-corp/);
    });

    test("has no SharedArrayBuffer", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => {
        Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
        return rejection(loadPython());
      });
      assertError(error, "UnsupportedHostError", /no SharedArrayBuffer/);
    });

    test("has no shared WebAssembly memory", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => {
        const { Memory } = WebAssembly;
        WebAssembly.Memory = /** @type {any} */ (
          function (/** @type {any} */ { initial, maximum }) {
            return new Memory({ initial, maximum });
          }
        );
        return rejection(loadPython());
      });
      assertError(error, "UnsupportedHostError", /WebAssembly cannot use it/);
    });

    test("has no module workers", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => {
        const { Worker } = globalThis;
        globalThis.Worker = /** @type {any} */ (
          function (/** @type {string} */ url) {
            return new Worker(url);
          }
        );
        return rejection(loadPython());
      });
      assertError(error, "UnsupportedHostError", /no module workers/);
    });

    test("gets no memory", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => {
        WebAssembly.Memory = /** @type {any} */ (
          function () {
            throw new RangeError("could not allocate memory");
          }
        );
        return rejection(loadPython());
      });
      assertError(error, "LoadError", /no memory: .*could not allocate memory/);
    });
  });

  describe("a page that gets less memory", () => {
    test("takes what it gets", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const printed = await page.run(async ({ loadPython }) => {
        const { Memory } = WebAssembly;
        WebAssembly.Memory = /** @type {any} */ (
          function (/** @type {any} */ options) {
            if (options.maximum > 2 ** 14) throw new RangeError("could not allocate memory");
            return new Memory(options);
          }
        );
        const py = await loadPython();
        return py.run(`
try:
    hog = bytearray(1500 * 2**20)
except MemoryError:
    hog = "MemoryError"
hog`);
      });
      assert.equal(printed, "MemoryError");
    });
  });

  describe("a file", () => {
    for (const file of FILES) {
      for (const [what, { answer, says }] of Object.entries(SERVER_FAULTS)) {
        test(`${file} ${what}`, async (t) => {
          const page = await browser.open(t, origin + PAGE);
          faults[DIST_PATH + file] = answer;
          const error = await page
            .run(({ loadPython, rejection }) => rejection(loadPython()))
            .finally(() => delete faults[DIST_PATH + file]);
          assertError(error, "LoadError", says);
          assert.ok(error.message.includes(file), error.message);
        });
      }

      test(`${file} is not there, and later it is`, async (t) => {
        const page = await browser.open(t, origin + PAGE);
        faults[DIST_PATH + file] = SERVER_FAULTS["is not there"].answer;
        await page.run(({ loadPython, rejection }) => rejection(loadPython()));
        delete faults[DIST_PATH + file];
        assert.equal(await page.run(async ({ loadPython }) => (await loadPython()).run("1 + 1")), 2);
      });

      test(`${file} never arrives`, async (t) => {
        const page = await browser.open(t, origin + PAGE);
        faults[DIST_PATH + file] = () => {};
        const error = await page
          .run(({ loadPython, rejection }) => rejection(loadPython({ loadTimeout: 500 })))
          .finally(() => delete faults[DIST_PATH + file]);
        assertError(error, "LoadError", new RegExp(`not ready after 500 ms: .*${file}.* did not arrive`));
      });
    }
  });

  describe("a worker", () => {
    test("that cannot be made", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection }) => {
        globalThis.Worker = /** @type {any} */ (
          function () {
            throw new Error("no more workers");
          }
        );
        return rejection(loadPython());
      });
      assertError(error, "LoadError", /no more workers/);
    });

    test("whose script cannot be loaded", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection, replaceWorkerScript }) => {
        replaceWorkerScript("/nowhere.js");
        return rejection(loadPython());
      });
      assertError(error, "LoadError", /main thread got no worker: its script was refused/);
    });

    test("that never answers", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(({ loadPython, rejection, replaceWorkerScript }) => {
        replaceWorkerScript(URL.createObjectURL(new Blob([""], { type: "text/javascript" })));
        return rejection(loadPython());
      });
      assertError(error, "LoadError", /main thread got no worker: the worker did not start within 8 seconds/);
    });

    test("that cannot be had for a thread is Python's RuntimeError", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(async ({ loadPython, rejection, replaceWorkerScript }) => {
        const py = await loadPython({ threads: { warm: 0 } });
        replaceWorkerScript("/nowhere.js");
        return rejection(
          py.run(`
import threading, time
for _ in range(8):
    threading.Thread(target=time.sleep, args=[60], daemon=True).start()`),
        );
      });
      assertError(error, "PythonError", /can't start new thread/);
    });
  });

  describe("a worker that is ended from outside", () => {
    test("while it waits for a thread: the next thread starts all the same", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const result = await page.run(async ({ catchWorkers, loadPython, untilWatched }) => {
        const workers = catchWorkers();
        const py = await loadPython({ threads: { warm: 2 } });
        const start =
          "import threading; t = threading.Thread(target=lambda: box.append(1)); t.start(); t.join()";
        await py.run(`box = []; ${start}`);
        await untilWatched(workers, true); // what is kept ready is there
        const [, ...idle] = workers; // the first one runs Python's main thread
        for (const worker of idle) worker.terminate();
        await untilWatched(idle, false);
        await py.run(start);
        return [idle.length > 0, await py.run("len(box)")];
      });
      assert.deepEqual(result, [true, 2]);
    });

    for (const [what, code] of Object.entries({
      computes: "while True: pass",
      sleeps: "import time; time.sleep(1000)",
      "waits for a lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
      "waits for input": "input()",
    })) {
      test(`while it is the main thread and ${what}`, async (t) => {
        const page = await browser.open(t, origin + PAGE);
        const error = await page.run(async ({ catchWorkers, loadPython, rejection, sleep }, code) => {
          const workers = catchWorkers();
          const py = await loadPython({ stdin: () => new Promise(() => {}) });
          const running = py.run(code);
          await Promise.race([running, sleep(200)]);
          workers[0].terminate();
          const first = await rejection(running);
          const second = await rejection(py.run("1"));
          await py.close();
          return { ...first, second };
        }, code);
        assertError(error, "PythonExitError", /a thread crashed: the worker was ended by something other/);
        assertError(error.second, "ClosedError", /has ended: a thread crashed/);
      });
    }

    test("while no code runs: the next run() is told", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(async ({ catchWorkers, loadPython, rejection, until }) => {
        const workers = catchWorkers();
        const py = await loadPython();
        workers[0].terminate();
        await until(() => py.closed);
        return rejection(py.run("1"));
      });
      assertError(error, "ClosedError", /has ended: a thread crashed/);
    });

    test("while it runs a thread that another waits for", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const error = await page.run(async ({ catchWorkers, loadPython, rejection, until }) => {
        const workers = catchWorkers();
        const py = await loadPython({ threads: { warm: 0 } });
        const running = py.run(`
import threading, time
t = threading.Thread(target=time.sleep, args=[1000], name="sleeper")
t.start()
t.join()`);
        await Promise.race([
          running,
          until(() => py.threads().some(({ name, state }) => name === "sleeper" && state === "waiting")),
        ]);
        for (const worker of workers.slice(1)) worker.terminate();
        return rejection(running);
      });
      assertError(error, "PythonExitError", /a thread crashed: the worker was ended by something other/);
    });
  });
});
