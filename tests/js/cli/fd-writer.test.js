// Output reaches a slow or closed pipe whole and in order, and the event loop goes on.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const FD_WRITER = fileURLToPath(new URL("../../../js/src/cli/fd-writer.js", import.meta.url));

const PROGRAM = `
import { FdWriter } from ${JSON.stringify(FD_WRITER)};
let ticks = 0;
setInterval(() => ticks++, 5);
const writer = new FdWriter((fd) => { process.stderr.write("broken " + fd); process.exit(141); });
for (let i = 0; i < 200; i++) {
  const wait = writer.write(1, new Uint8Array(10_000).fill(i));
  if (wait) await wait;
}
await writer.flush();
process.stderr.write(ticks > 20 ? "free" : "blocked " + ticks);
process.exit(0);
`;

function start() {
  return spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("a slow reader gets everything, in order", { timeout: 20_000 }, async () => {
  const child = start();
  const expected = createHash("sha256");
  for (let i = 0; i < 200; i++) expected.update(new Uint8Array(10_000).fill(i));
  const seen = createHash("sha256");
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const closed = once(child, "close");
  await once(child.stdout, "readable"); // it has begun
  await sleep(500);
  for await (const chunk of child.stdout) {
    seen.update(chunk);
    await sleep(2);
  }
  await closed;
  assert.equal(seen.digest("hex"), expected.digest("hex"));
  assert.equal(errors, "free");
});

test("a closed pipe is reported, not thrown", { timeout: 20_000 }, async () => {
  const child = start();
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([code, errors], [141, "broken 1"]);
});
