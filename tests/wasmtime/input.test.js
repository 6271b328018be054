// Standard input is read for threads that wait for it, and no further.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { DIST, HOST, noBuild } from "./support.js";

const DEADLINE_MS = 60_000;
// A host that asks late questions is found in four runs of five.
const TRIES = 60;

// Each try leaves a question behind by an interrupt, and waits anew while its answer may be on its
// way. A thread that prints without end keeps the host thread busy, so that events are late.
const PROGRAM = `
import os, random, signal, threading, time
class Alarm(Exception): pass
def alarm(*_): raise Alarm
signal.signal(signal.SIGALRM, alarm)
looked = threading.Event()
signal.signal(signal.SIGUSR1, lambda *_: looked.set())
def flood():
    while True: os.write(2, b"x" * 1000)
threading.Thread(target=flood, daemon=True).start()
for i in range(${TRIES}):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        input()
    except Alarm:
        pass
    print("left", flush=True)
    end = time.perf_counter() + random.random() * 0.004
    while time.perf_counter() < end: pass
    print(input(), flush=True)
    looked.wait()
    looked.clear()
`;

/** Whether one of its threads is in read(0, ...). @param {number} pid */
function readsInput(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.some((id) => readFileSync(`/proc/${pid}/task/${id}/syscall`, "utf8").startsWith("0 0x0 "));
}

describe("standard input", { skip: noBuild }, () => {
  test("is not read for a question that comes late", async () => {
    const child = spawn(HOST, [`--dist=${DIST}`, "-c", PROGRAM], { stdio: ["pipe", "pipe", "ignore"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
    const ended = once(child, "close");
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    const prints = async (/** @type {string} */ text) => {
      while (!stdout.includes(text)) {
        assert.equal(child.exitCode ?? child.signalCode, null, `ended, without ${text}: ${stdout}`);
        await sleep(1);
      }
      stdout = stdout.slice(stdout.indexOf(text) + text.length);
    };
    let late = 0;
    for (let i = 0; i < TRIES; i++) {
      await prints("left\n");
      child.stdin.write(`line ${i}\n`);
      await prints(`line ${i}\n`);
      await sleep(20);
      if (readsInput(Number(child.pid))) late++;
      child.kill("SIGUSR1");
    }
    const [code] = await ended;
    clearTimeout(timer);
    assert.deepEqual([code, late], [0, 0]);
  });
});
