// Programs of 3 and 4 GiB under wasmtime: input, output, files, threads and their stacks, and memory that is full.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { TAKE_MEMORY } from "../js/memory-programs.js";
import { temporaryFolder } from "../js/support.js";
import { noBuild, WasmtimeProcess, wasmtime } from "./support.js";

const SIZES = [2 ** 31, 3 * 2 ** 30];

const USE = `
import faulthandler, os, sys, threading
data = open("in", "rb").read()
assert id(data) > limit and id(bytes(600)) > limit
open("out", "wb").write(data)
os.symlink("in", "link")
print(sorted(os.listdir()), os.readlink("link"), os.stat("in").st_size)
print(input("line? ") == "y" * 1_000_000, len(sys.stdin.read()), len(set(os.urandom(1_000_000))))
print("z" * 1_000_000)

mark = len(taken)
take_rest()
for refused in (lambda: bytes(10_000_000), lambda: open("in", "rb").read(), lambda: print("w" * 10_000_000)):
    try: refused()
    except MemoryError: print("MemoryError")
del taken[mark:]
print(len(open("in", "rb").read()))

threading.stack_size(32 << 20)  # larger than the stacks of the threads that are kept ready
lock, go, numbers = threading.Lock(), threading.Event(), []
def work(number):
    go.wait()
    with lock: numbers.append(number)
threads = [threading.Thread(target=work, args=[n]) for n in range(8)]
for thread in threads: thread.start()
with open("stacks", "w") as file: faulthandler.dump_traceback(file)
print(open("stacks").read().count(" in work"))
go.set()
for thread in threads: thread.join()
print(sorted(numbers))
`;

describe("programs of gigabytes under wasmtime", { skip: noBuild, timeout: 240_000 }, () => {
  for (const limit of SIZES) {
    test(`above ${limit / 2 ** 30} GiB`, async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "in"), randomBytes(3_000_000));
      const program = `${TAKE_MEMORY}\nlimit = ${limit}\ntake_up_to(limit)\n${USE}`;
      const input = `${"y".repeat(1_000_000)}\n${"x".repeat(2_000_000)}`;
      const { code, stdout, stderr } = await wasmtime(["-c", program], { cwd: folder, input });
      assert.equal(code, 0, stderr);
      const expected = [
        "['in', 'link', 'out'] in 3000000",
        "line? True 2000000 256",
        "z".repeat(1_000_000),
        ...["MemoryError", "MemoryError", "MemoryError"],
        "3000000",
        "8",
        "[0, 1, 2, 3, 4, 5, 6, 7]",
      ];
      assert.deepEqual(stdout.trimEnd().split("\n"), expected);
      assert.deepEqual(readFileSync(join(folder, "out")), readFileSync(join(folder, "in")));
    });
  }

  test("Ctrl-C stops a thread's wait there", async () => {
    const program = `${TAKE_MEMORY}\ntake_up_to(${SIZES[1]})
import threading
try:
    print("waits", flush=True)
    threading.Event().wait()
except KeyboardInterrupt:
    print("stopped")`;
    const python = new WasmtimeProcess(["-c", program]);
    await python.prints("waits\n");
    python.child.kill("SIGINT");
    const { code, stdout } = await python.finish();
    assert.deepEqual([code, stdout], [0, "waits\nstopped\n"]);
  });
});
