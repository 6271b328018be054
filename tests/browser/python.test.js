// A Python in a page does what it does in Node: runs, stops, waits for input, shows its threads and files.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

// What the main thread does when it is interrupted, and what it waits on then (null: it runs).
/** @type {Record<string, [code: string, waitsOn: string | null]>} */
const ACTIVITIES = {
  computes: ["while True: pass", null],
  sleeps: ["import time; time.sleep(1000)", "sleep"],
  "waits for a lock": ["import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()", "lock"],
  "waits for a queue": ["import queue; queue.Queue().get()", "condition"],
  "joins a thread": [
    "import threading\nt = threading.Thread(target=threading.Event().wait, daemon=True)\nt.start()\nt.join()",
    "thread",
  ],
  "waits for input": ["input('? ')", "io"],
  "prints without end": ["while True: print('a line, and another one')", null],
};

inBrowsers((browser) => {
  test("a thread prints", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const printed = await page.run(async ({ loadPython }) => {
      let text = "";
      const py = await loadPython({ stdout: (more) => (text += more) });
      await py.run(`
import threading
thread = threading.Thread(target=lambda: print("hello from", threading.current_thread().name), name="squarer")
thread.start()
thread.join()`);
      await py.close();
      return text;
    });
    assert.equal(printed, "hello from squarer\n");
  });

  test("values, variables and errors cross", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const seen = await page.run(async ({ heddle, loadPython }) => {
      const py = await loadPython();
      await py.run("def double(x): return x * 2");
      const value = await py.run("double(x)", { globals: { x: [1, "a", new Uint8Array([7])] } });
      const error = await py.run("1 / 0", { filename: "cell.py" }).catch((it) => it);
      return {
        value: value.map((/** @type {unknown} */ item) => (item instanceof Uint8Array ? [...item] : item)),
        isPythonError: error instanceof heddle.PythonError,
        type: error.type,
        frame: error.frames.at(-1),
        version: py.version,
      };
    });
    assert.deepEqual(seen.value, [1, "a", [7], 1, "a", [7]]);
    assert.ok(seen.isPythonError);
    assert.equal(seen.type, "ZeroDivisionError");
    assert.deepEqual([seen.frame.filename, seen.frame.line], ["cell.py", 1]);
    assert.match(seen.version, /^3\.13\./);
  });

  test("an interrupt stops whatever the main thread does, and state stays", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const seen = await page.run(async ({ loadPython, until }, activities) => {
      let hasBegun = false;
      const py = await loadPython({
        stdout: () => (hasBegun = true),
        stdin: () => new Promise(() => {}),
      });
      await py.run("kept = 0");
      /** @type {Record<string, unknown>} */
      const outcomes = {};
      for (const [name, [code, waitsOn]] of Object.entries(activities)) {
        let isOver = false;
        hasBegun = false;
        const ended = py
          .run(`kept += 1\nprint("it begins")\n${code}`)
          .then(
            () => "it ended",
            (error) => error.type,
          )
          .finally(() => (isOver = true));
        await until(() => {
          const main = py.threads().find((thread) => thread.main);
          return isOver || (hasBegun && (!waitsOn || main?.waitingOn?.kind === waitsOn));
        });
        py.interrupt();
        outcomes[name] = await ended;
      }
      return { outcomes, kept: await py.run("kept") };
    }, ACTIVITIES);
    const names = Object.keys(ACTIVITIES);
    assert.deepEqual(seen.outcomes, Object.fromEntries(names.map((name) => [name, "KeyboardInterrupt"])));
    assert.equal(seen.kept, names.length);
  });

  test("input() gets what an asynchronous stdin gives, in any thread", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const value = await page.run(async ({ loadPython, sleep }) => {
      const lines = ["first", "second", null];
      const py = await loadPython({
        stdin: async () => {
          await sleep(20);
          return lines.shift() ?? null;
        },
      });
      return py.run(`
import threading
got = [input()]
thread = threading.Thread(target=lambda: got.append(input()))
thread.start()
thread.join()
try: input()
except EOFError: got.append("end")
got`);
    });
    assert.deepEqual(value, ["first", "second", "end"]);
  });

  test("what was printed before a question is there when it is asked", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const seen = await page.run(async ({ loadPython }) => {
      let printed = "";
      let calls = 0;
      const py = await loadPython({
        stdout(text) {
          const until = performance.now() + (calls++ % 10 === 0 ? 12 : 0); // longer than output may keep the page
          while (performance.now() < until);
          printed += text;
        },
        stdin() {
          const seen = printed;
          printed = "";
          return seen.replaceAll("\n", "|");
        },
      });
      return py.run(`
seen = []
for n in range(100):
    print("some lines")
    print("before it")
    seen.append(input(f"{n}? "))
seen`);
    });
    assert.deepEqual(
      seen,
      Array.from({ length: 100 }, (_, n) => `some lines|before it|${n}? `),
    );
  });

  describe("threads()", () => {
    test("shows who waits for what, and who has it", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const threads = await page.run(async ({ loadPython, until }) => {
        const py = await loadPython();
        const running = py.run(`
import threading
lock, held, done = threading.Lock(), threading.Event(), threading.Event()
def hold():
    with lock:
        held.set()
        done.wait()
def wait():
    with lock: pass
holder = threading.Thread(target=hold, name="holder")
holder.start()
held.wait()
waiter = threading.Thread(target=wait, name="waiter")
waiter.start()
waiter.join()`);
        const find = (/** @type {string} */ name) => py.threads().find((thread) => thread.name === name);
        await until(() => find("waiter")?.waitingOn?.kind === "lock");
        const [holder, waiter] = [find("holder"), find("waiter")];
        py.interrupt();
        await running.catch(() => {});
        await py.run("done.set()\nwaiter.join()");
        return { holder, waiter };
      });
      assert.equal(threads.waiter?.state, "waiting");
      assert.equal(threads.waiter?.heldBy, threads.holder?.ident);
      assert.equal(threads.waiter?.daemon, false);
    });

    test("64 threads at once, each of its own", async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const seen = await page.run(async ({ loadPython, until }) => {
        const py = await loadPython();
        await py.run(`
import threading
gate, idents = threading.Event(), []
def body():
    idents.append(threading.get_ident())
    gate.wait()
threads = [threading.Thread(target=body) for _ in range(64)]
for thread in threads:
    thread.start()`);
        await until(() => py.threads().filter(({ state }) => state === "waiting").length >= 65);
        const alive = py.threads().length;
        const idents = await py.run(`
gate.set()
for thread in threads:
    thread.join()
len(set(idents))`);
        await py.close();
        return { alive, idents };
      });
      assert.deepEqual(seen, { alive: 65, idents: 64 });
    });
  });

  test("files: text and bytes, while Python runs", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const seen = await page.run(async ({ heddle, loadPython }) => {
      const py = await loadPython({ files: { "/home/user/data/in.txt": "from the page" } });
      const running = py.run(`
import os, time
text = open("/home/user/data/in.txt").read()
while not os.path.exists("/home/user/go.bin"): time.sleep(0.01)
data = open("/home/user/go.bin", "rb").read()
with open("/home/user/out.txt", "w") as file: written = file.write(text.upper())
data`);
      const names = await py.fs.readdir("/home/user/data");
      // Under another name first: Python may look at any moment.
      await py.fs.writeFile("/home/user/part", new Uint8Array([0, 255, 10]));
      await py.fs.rename("/home/user/part", "/home/user/go.bin");
      const data = await running;
      const missing = await py.fs.readFile("/home/user/nothing").catch((error) => error);
      return {
        names,
        data: [...data],
        text: await py.fs.readFile("/home/user/out.txt", "utf8"),
        bytes: [...(await py.fs.readFile("/home/user/go.bin"))],
        size: (await py.fs.stat("/home/user/out.txt")).size,
        missing: missing instanceof heddle.FileError && missing.code,
      };
    });
    assert.deepEqual(seen, {
      names: ["in.txt"],
      data: [0, 255, 10],
      text: "FROM THE PAGE",
      bytes: [0, 255, 10],
      size: 13,
      missing: "ENOENT",
    });
  });

  test("close() ends everything, also what computes and what waits", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const names = await page.run(async ({ liveWorkers, loadPython, rejection, sleep, until }) => {
      const py = await loadPython();
      const running = py.run(`
import threading
threads = [threading.Thread(target=threading.Event().wait) for _ in range(4)]
for thread in threads:
    thread.start()
while True: pass`);
      const ended = rejection(running);
      await until(() => py.threads().length === 5);
      await py.close();
      while ((await liveWorkers()) > 0) await sleep(50);
      const late = await rejection(py.run("1"));
      return [(await ended).name, late.name];
    });
    assert.deepEqual(names, ["ClosedError", "ClosedError"]);
  });
});
