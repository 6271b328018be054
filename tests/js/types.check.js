// What TypeScript must accept, and refuse, of the package's types; `tsc -p tests/js` checks it.
// SPDX-License-Identifier: MIT
// @ts-check

import { loadPython, PyRepr, PythonError } from "../../js/src/index.js";

export async function typeChecks() {
  const py = await loadPython({
    stdout: (text, thread) => console.log(text.length, thread.toFixed()),
    stdin: async () => null,
    files: { "/a": "text", "/b": new Uint8Array() },
    threads: { warm: 2 },
  });
  await py.run("1", {
    filename: "a.py",
    timeout: 5,
    grace: 100,
    signal: AbortSignal.timeout(1),
    globals: { x: [1, null] },
  });

  /** @type {string} */
  const text = await py.fs.readFile("/a", "utf8");
  /** @type {Uint8Array} */
  const bytes = await py.fs.readFile("/a");
  /** @type {number | null | undefined} */
  const holder = py.threads()[0]?.heldBy;
  /** @type {Date} */
  const changed = (await py.fs.stat("/a")).mtime;

  // @ts-expect-error: code is a string
  await py.run(1);
  // @ts-expect-error: there is no such option
  await loadPython({ stdOut() {} });
  // @ts-expect-error: text needs "utf8"
  const refused = /** @type {string} */ (await py.fs.readFile("/a"));
  // @ts-expect-error: a PyRepr does not change
  new PyRepr("type", "repr").type = "other";

  try {
    await py.run("1/0");
  } catch (error) {
    if (error instanceof PythonError)
      console.log(error.type.length, error.traceback.length, error.frames[0].line.toFixed());
  }
  py.interrupt(15);
  py.interrupt(2, { grace: 1000 });
  /** @type {number | undefined} */
  const line = py.stacks()[0]?.frames.at(-1)?.line;
  await py.close();
  return { text, bytes, holder, changed, line, refused };
}
