// Recursion without end is Python's error, and never the end of the worker: pages give workers small
// stacks.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers, PAGE, serveProject } from "./support.js";

const origin = await serveProject();

// Each ends in an error on any desktop too, or would with a deeper nesting.
const PROGRAMS = {
  "a function": "def f(n): return f(n + 1)\nf(0)",
  "a function, without Python's own limit":
    "import sys\nsys.setrecursionlimit(100_000)\ndef f(n): return f(n + 1)\ntry: f(0)\nfinally: sys.setrecursionlimit(1000)",
  "json.loads()": "import json\njson.loads('[' * 100_000)",
  "json.dumps()": "import json\njson.dumps(nested(lambda x: [x]))",
  "repr() of lists": "repr(nested(lambda x: [x]))",
  "repr() of dicts": "repr(nested(lambda x: {1: x}))",
  "re.compile()": "import re\nre.compile('(' * 5000 + ')' * 5000)",
  "ast.parse() of signs": "import ast\nast.parse('-' * 100_000 + '1')",
  "compile() of parentheses": "compile('(' * 190 + 'a b' + ')' * 190, '', 'eval')",
  "compile() of negations": "compile('not ' * 100_000 + '1', '', 'eval')",
  "compile() of lambdas": "compile('lambda: ' * 100_000 + '1', '', 'eval')",
  "compile() of a sum": "compile('+'.join(['a'] * 100_000), '', 'eval')",
  "compile() of attributes": "compile('a' + '.b' * 100_000, '', 'eval')",
  "compile() of elif": "compile('if 1: pass\\n' + 'elif 1: pass\\n' * 10_000, '', 'exec')",
  __getattr__: "class A:\n def __getattr__(self, n): return getattr(self, n + 'x')\nA().a",
  __format__: "class A:\n def __format__(self, s): return format(self, s)\nformat(A())",
  __eq__: "class A:\n def __eq__(self, other): return A() == other\nA() == 1",
  "a sort key": "def key(x): return sorted([x], key=key)\nkey(1)",
  "map()": "def f(x): return list(map(f, [x]))\nf(1)",
  "comparing tuples": "a, b = nested(lambda x: (x,)), nested(lambda x: (x,))\na == b",
  "partial()":
    "import functools\nf = int\nfor _ in range(100_000): f = functools.partial(functools.partial.__call__, f)\nf()",
  "pickle.dumps()": "import pickle\npickle.dumps(nested(lambda x: [x]))",
  generators: "def g(n): yield from g(n + 1)\nlist(g(0))",
  "exec()": "def f(): exec('f()')\nf()",
};

inBrowsers((browser) => {
  for (const place of ["the main thread", "another thread"]) {
    test(`recursion in ${place} is an error of Python's`, async (t) => {
      const page = await browser.open(t, origin + PAGE);
      const outcomes = await page.run(
        async ({ loadPython }, programs, inThread) => {
          const py = await loadPython();
          await py.run(`
import threading
def nested(wrap):
    x = None
    for _ in range(100_000): x = wrap(x)
    return x
def attempt(code):
    try:
        exec(code, {"nested": nested})
        outcomes.append("nothing")
    except (RecursionError, MemoryError):
        outcomes.append("")
    except BaseException as error:
        outcomes.append(repr(error))
outcomes = []`);
          /** @type {Record<string, string>} */
          const unexpected = {};
          for (const [name, code] of Object.entries(programs)) {
            const call = inThread
              ? "thread = threading.Thread(target=attempt, args=[code])\nthread.start()\nthread.join()"
              : "attempt(code)";
            const outcome = await py
              .run(`${call}\noutcomes.pop()`, { globals: { code } })
              .catch((error) => `${error}`);
            if (outcome) unexpected[name] = outcome;
          }
          await py.close();
          return unexpected;
        },
        PROGRAMS,
        place === "another thread",
      );
      assert.deepEqual(outcomes, {});
    });
  }

  test("what a program really nests is no error", async (t) => {
    const page = await browser.open(t, origin + PAGE);
    const value = await page.run(async ({ loadPython }) => {
      const py = await loadPython();
      return py.run(`
import json
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
def flat(x): return sorted([flat(x - 1)])[0] + 1 if x else 0
[
    eval("[" * 60 + "]" * 60) is not None,
    len(json.dumps(json.loads("[" * 400 + "]" * 400))),
    depth(900),
    flat(150),
    eval("+".join(["1"] * 600)),
    len(compile("if 1: pass\\n" + "elif 1: pass\\n" * 600, "", "exec").co_code) > 0,
]`);
    });
    assert.deepEqual(value, [true, 800, 900, 150, 600, true]);
  });
});
