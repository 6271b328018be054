// Standard input of a session: an asynchronous callback, many readers, ends of file, interrupts.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";

import { DIST, heddle, noBuild, testPython, until, within } from "../support.js";

const INDEX = new URL("../../../js/src/index.js", import.meta.url).href;
const options = { skip: noBuild };

/** @param {Promise<any>} promise @returns {Promise<any>} what it rejects with */
const rejection = (promise) =>
  promise.then(
    (value) => assert.fail(`resolved with ${value}`),
    (error) => error,
  );

/** A stdin callback whose questions the test answers one by one. */
class Questions {
  /** @type {((answer: any) => void)[]} oldest first */
  open = [];
  asked = 0;

  ask = () => {
    this.asked += 1;
    return new Promise((resolve) => this.open.push(resolve));
  };

  /** @param {any} answer */
  answer(answer) {
    const resolve = this.open.shift();
    assert.ok(resolve, "nobody asked");
    resolve(answer);
  }
}

/** @param {import("node:test").TestContext} t */
async function askingPython(t) {
  const questions = new Questions();
  const py = await testPython(t, { stdout() {}, stdin: questions.ask });
  const isAsked = (/** @type {number} */ times) => until(py, () => questions.asked >= times);
  await py.run(`
import sys, threading
lines = []
def read_line():
    try:
        lines.append(input())
    except EOFError:
        lines.append(None)
def start_readers(count):
    threads = [threading.Thread(target=read_line, name=f"reader-{n}") for n in range(count)]
    for thread in threads: thread.start()
    return threads`);
  return { py, questions, isAsked };
}

describe("input()", options, () => {
  test("works in any thread", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const run = py.run("threads = start_readers(1)\nthreads[0].join()\nlines");
    await isAsked(1);
    questions.answer("from outside");
    assert.deepEqual(await within(py, run), ["from outside"]);
  });

  test("threads that ask at once are served one after the other", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const run = py.run(
      "threads = start_readers(4)\nlines.append(input())\nfor t in threads: t.join()\nlines",
    );
    await until(
      py,
      () => py.threads().every(({ waitingOn }) => waitingOn !== null) && py.threads().length === 5,
    );
    for (let i = 1; i <= 5; i++) {
      await isAsked(i);
      assert.equal(questions.open.length, 1, "one question at a time");
      questions.answer(`line ${i}`);
    }
    const lines = await within(py, run);
    assert.deepEqual(lines.sort(), ["line 1", "line 2", "line 3", "line 4", "line 5"]);
    assert.equal(questions.asked, 5);
  });

  test("an answer of several lines serves several threads, and no line is lost", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const run = py.run("for t in start_readers(6): t.join()\nlines");
    await until(py, () => py.threads().filter(({ waitingOn }) => waitingOn !== null).length === 7);
    await isAsked(1);
    questions.answer("1\n2\n3\n4");
    await isAsked(2);
    questions.answer("5\n6\n7");
    assert.deepEqual((await within(py, run)).sort(), ["1", "2", "3", "4", "5", "6"]);
    assert.equal(await within(py, py.run("input()")), "7");
  });

  test("takes lines of any length and any characters", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const lines = ["x".repeat(300_000), "", "é\u{1f600}", "tab\tand\rreturn"];
    for (const [i, line] of lines.entries()) {
      const run = py.run("input()");
      await isAsked(i + 1);
      questions.answer(line);
      assert.equal(await within(py, run), line);
    }
  });

  test("is what sys.stdin, its buffer and select() read too", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const code =
      "import select; select.select([sys.stdin], [], [])[0] == [sys.stdin] and sys.stdin.readline()";
    const selected = py.run(code);
    await isAsked(1);
    questions.answer("selected");
    assert.equal(await within(py, selected), "selected\n");
    const bytes = py.run("sys.stdin.buffer.read(3), sys.stdin.buffer.readline(), sys.stdin.readline()");
    await isAsked(2);
    questions.answer("abcdef\nghi");
    const encoder = new TextEncoder();
    assert.deepEqual(await within(py, bytes), [encoder.encode("abc"), encoder.encode("def\n"), "ghi\n"]);
  });
});

describe("the end of file", options, () => {
  test("ends one read, and a later one can ask again", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    for (const [i, end] of [null, undefined].entries()) {
      const ended = rejection(py.run("input()"));
      await isAsked(2 * i + 1);
      questions.answer(end);
      assert.equal((await within(py, ended)).type, "EOFError");
      const run = py.run("input()");
      await isAsked(2 * i + 2);
      questions.answer("again");
      assert.equal(await within(py, run), "again");
    }
  });

  test("ends one thread's read, and the next thread asks", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const run = py.run("for t in start_readers(3): t.join()\nlines");
    await until(py, () => py.threads().filter(({ waitingOn }) => waitingOn !== null).length === 4);
    for (const [i, answer] of [null, "line", null].entries()) {
      await isAsked(i + 1);
      questions.answer(answer);
    }
    // A thread that had an end may note it after the next one has had its line. undefined is sorted last.
    assert.deepEqual((await within(py, run)).sort(), ["line", undefined, undefined]);
  });

  test("ends read(), again and again", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    for (const i of [0, 1]) {
      const run = py.run("sys.stdin.read()");
      for (const [n, answer] of ["a", "b", null].entries()) {
        await isAsked(3 * i + n + 1);
        questions.answer(answer);
      }
      assert.equal(await within(py, run), "a\nb\n");
    }
  });

  test("is what a session without a stdin has", async (t) => {
    const py = await testPython(t);
    for (let i = 0; i < 3; i++)
      assert.equal((await within(py, rejection(py.run("input()")))).type, "EOFError");
    assert.equal(await py.run("import sys; sys.stdin.read()"), "");
  });

  test("of a pipe is final on the command line", async () => {
    const code =
      "import sys\nprint(sys.stdin.read())\nfor _ in range(3):\n  try: input()\n  except EOFError: print('end')";
    const { stdout, code: exit } = await heddle(["-c", code], { input: "text" });
    assert.deepEqual([stdout, exit], ["text\nend\nend\nend\n", 0]);
  });
});

describe("an interrupt", options, () => {
  test("ends input() of the main thread; the late line goes to the next reader", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const stopped = rejection(py.run("input()"));
    await isAsked(1);
    py.interrupt();
    assert.equal((await within(py, stopped)).type, "KeyboardInterrupt");
    const run = py.run("input()");
    await until(py, () => py.stacks()[0].frames.length > 0 && py.threads()[0].waitingOn !== null);
    questions.answer("late");
    assert.equal(await within(py, run), "late");
    assert.equal(questions.asked, 1);
  });

  test("ends input(); a null that comes when nobody waits has no effect", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const stopped = rejection(py.run("input()"));
    await isAsked(1);
    py.interrupt();
    await within(py, stopped);
    questions.answer(null);
    await setImmediate(); // what the answer's promise leads to is done before somebody waits again
    const run = py.run("input()");
    await isAsked(2);
    questions.answer("asked anew");
    assert.equal(await within(py, run), "asked anew");
  });

  test("ends the main thread's wait for its turn; the thread before it gets its line", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    await py.run("threads = start_readers(1)");
    await isAsked(1);
    for (const read of ["input()", "sys.stdin.readline()", "sys.stdin.buffer.read(1)", "sys.stdin.read()"]) {
      const stopped = rejection(py.run(read));
      await until(py, () => py.stacks()[0].frames.length > 0 && py.threads()[0].waitingOn?.kind === "rlock");
      py.interrupt();
      assert.equal((await within(py, stopped)).type, "KeyboardInterrupt", read);
    }
    questions.answer("the worker's");
    assert.deepEqual(await within(py, py.run("threads[0].join()\nlines")), ["the worker's"]);
    assert.equal(questions.asked, 1);
  });
});

describe("a stdin callback", options, () => {
  /** @type {[what: string, stdin: string, error: RegExp][]} */
  const failures = [
    ["that throws", "() => { throw new Error('no box') }", /^Error: no box$/],
    ["that rejects", "async () => { throw new Error('no box') }", /^Error: no box$/],
    [
      "that gives a number",
      "() => 42",
      /^TypeError: heddle: loadPython\(\): stdin gave a value of type number\. Give the line as/,
    ],
    [
      "that gives bytes",
      "async () => new Uint8Array(3)",
      /^TypeError: heddle: loadPython\(\): stdin gave a value of type object\./,
    ],
  ];
  for (const [what, stdin, expected] of failures) {
    test(`${what} is an end of file, and an uncaught error of the embedder's`, async () => {
      const code = `import { loadPython } from ${JSON.stringify(INDEX)};
        const errors = [];
        process.on("uncaughtException", (error) => errors.push(String(error)));
        const py = await loadPython({ indexURL: ${JSON.stringify(DIST)}, stdin: ${stdin} });
        const types = [];
        for (let i = 0; i < 2; i++) types.push(await py.run("input()").catch((error) => error.type));
        await new Promise((resolve) => setTimeout(resolve));
        await py.close();
        console.log(JSON.stringify([types, errors]));`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
        timeout: 60_000,
      });
      const [types, errors] = JSON.parse(stdout);
      assert.deepEqual(types, ["EOFError", "EOFError"]);
      assert.equal(errors.length, 2);
      for (const error of errors) assert.match(error, expected);
    });
  }

  test("may answer after close()", async (t) => {
    const { py, questions, isAsked } = await askingPython(t);
    const cut = rejection(py.run("input()"));
    await isAsked(1);
    await within(py, py.close());
    assert.equal((await cut).name, "ClosedError");
    questions.answer("too late");
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe("a stdout callback", options, () => {
  test("that gives a promise holds print() back once there is much, and loses nothing", async (t) => {
    let text = "";
    let release = () => {};
    const gate = new Promise((resolve) => (release = () => resolve(undefined)));
    const py = await testPython(t, {
      stdout: (piece) => {
        text += piece;
        return gate;
      },
    });
    const run = py.run("for i in range(30_000): print(i, 'x' * 40)");
    // The ring may be full before the first piece of it was given.
    await until(py, () => text !== "" && py.threads()[0].waitingOn?.kind === "io");
    const before = text.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(text.length, before, "nothing is given while the promise waits");
    release();
    await within(py, run);
    const expected = Array.from({ length: 30_000 }, (_, i) => `${i} ${"x".repeat(40)}\n`).join("");
    assert.ok(text === expected, `${text.length} characters, not ${expected.length}`);
  });
});
