// Every blocking call, and what a signal from outside does to it, in the command's own process.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The other side, and the wishes that it has, are in interrupt_driver.py.

import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { PROJECT } from "../../wasm/toolchain/sandbox.js";
import { temporaryFolder } from "../js/support.js";
import { DIST, host, noBuild, WasmtimeProcess } from "./support.js";

// Three SIGINTs within two seconds end the command in any case: no more than two tries.
const TRIES = 2;
const DRIVER = join(PROJECT, "tests/wasmtime/interrupt_driver.py");
const MARK = "\ue000";

/** The names of all rows. @returns {string[]} */
function rowNames() {
  const folder = join(PROJECT, "tests/python");
  const program = `import sys; sys.path.append("${folder}"); import interrupts; print(*interrupts.ROWS)`;
  const { code, stdout, stderr } = host([`--dist=${DIST}`, `--mount=${folder}`, "-c", program]);
  assert.equal(code, 0, stderr);
  return stdout.trim().split(" ");
}

/**
 * Does what the driver wishes, until it ends.
 * @param {WasmtimeProcess} process
 * @param {string} folder
 */
async function serve(process, folder) {
  const { child } = process;
  let printed = 0;

  /** @param {string} wish */
  async function fulfil(wish) {
    const [verb] = wish.split(" ", 1);
    const rest = wish.slice(verb.length + 1);
    if (verb === "signal") child.kill(Number(rest));
    else if (verb === "feed") child.stdin.write(`${rest}\n`);
    else if (verb === "hold") child.stdout.pause();
    else if (verb === "release") child.stdout.resume();
    else if (verb === "text") {
      child.stdout.resume();
      let end;
      while ((end = process.stdout.indexOf(MARK, printed)) < 0 && child.exitCode === null) await sleep(2);
      const text = process.stdout.slice(printed, end);
      printed = end + MARK.length;
      return text;
    } else throw new Error(`interrupt-table.test.js: the driver wishes ${JSON.stringify(wish)}`);
    return "";
  }

  for (let done = 0; child.exitCode === null && child.signalCode === null; await sleep(2)) {
    const path = join(folder, "wishes");
    const wishes = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
    for (; done < wishes.length; done++) {
      writeFileSync(join(folder, "part"), await fulfil(wishes[done]));
      renameSync(join(folder, "part"), join(folder, `answer-${done}`));
    }
  }
}

describe("the main thread, stopped by a signal from outside", { skip: noBuild }, () => {
  for (const name of noBuild ? [] : rowNames()) {
    test(name, async () => {
      const folder = temporaryFolder();
      const process = new WasmtimeProcess([DRIVER, folder, name, String(TRIES)], {
        cwd: PROJECT,
        // Without its buffers Python's print() loses what a signal kept it from writing, natively too.
        env: { PYTHONUNBUFFERED: "" },
      });
      const serving = serve(process, folder);
      const { code, stderr } = await process.finish();
      await serving;
      assert.deepEqual([code, stderr], [0, ""]);
      assert.equal(readFileSync(join(folder, "done"), "utf8"), "all tries done");
    });
  }
});
