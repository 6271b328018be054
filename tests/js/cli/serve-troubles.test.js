// `heddle serve` serves on, whatever becomes of its files, its clients and its descriptors.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";

import { HEDDLE, temporaryFolder } from "../support.js";
import {
  ask,
  beginDownload,
  DEADLINE_MS,
  exchange,
  LIMITED,
  noProc,
  openFilesIn,
  served,
  until,
} from "./serve-support.js";

/** More than the sockets of both ends can hold. */
const BIG = 64 * 1024 * 1024;

const folder = temporaryFolder();
const site = join(folder, "site");
for (const name of ["sub", "folder-as-index/index.html", "fifo-as-index"])
  mkdirSync(join(site, name), { recursive: true });
writeFileSync(join(site, "index.html"), "<p>index</p>");
writeFileSync(join(site, "sub/index.html"), "<p>sub</p>");
writeFileSync(join(site, "empty.txt"), "");
for (const name of ["big.bin", "shrinks.bin"]) writeFileSync(join(site, name), Buffer.alloc(BIG));
execFileSync("mkfifo", [join(site, "fifo")]);
symlinkSync("../fifo", join(site, "fifo-as-index/index.html"));

const { server, port } = await served({ after }, site);

test("a FIFO is not there, and its writer waits on", LIMITED, async (t) => {
  const writer = spawn("sh", ["-c", 'echo > "$0"', join(site, "fifo")]);
  t.after(() => writer.kill());
  // More than Node has threads for files.
  const targets = ["/fifo", "/fifo-as-index/", "/fifo-as-index", "/fifo"];
  const answers = [...targets, ...targets].map((target, index) =>
    ask(port, target, { method: index % 2 ? "HEAD" : "GET" }),
  );
  for (const { status } of await Promise.all(answers)) assert.equal(status, 404);
  assert.equal((await ask(port, "/")).status, 200);
  assert.equal(writer.exitCode, null);
});

test("sockets and devices are not there", LIMITED, async (t) => {
  const socket = createServer().listen(join(site, "socket"));
  t.after(() => socket.close());
  await once(socket, "listening");
  assert.equal((await ask(port, "/socket")).status, 404);
  const { port: devices } = await served(t, "/dev");
  for (const name of ["/null", "/zero", "/tty", "/ptmx"])
    assert.equal((await ask(devices, name)).status, 404, name);
});

test("a download that is broken off leaves no descriptor open", { ...LIMITED, skip: noProc }, async () => {
  const clients = [];
  for (let n = 0; n < 20; n++) clients.push(await beginDownload(port, "/big.bin"));
  assert.equal(openFilesIn(site), 20);
  for (const { socket } of clients) socket.destroy();
  await until("all descriptors are closed", () => openFilesIn(site) === 0);
});

test(
  "a client that asks for much at once holds one file open, until it goes",
  { ...LIMITED, skip: noProc },
  async () => {
    const { socket } = await beginDownload(port, "/big.bin", 500);
    assert.equal(openFilesIn(site), 1);
    socket.destroy();
    await until("all descriptors are closed", () => openFilesIn(site) === 0);
  },
);

test("requests that are sent at once are answered in their order", LIMITED, async () => {
  const targets = ["/index.html", "/nothing", "/%zz", "/sub/", "/fifo", "/big.bin", "/empty.txt", "/"];
  const requests = targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n`);
  const answers = await exchange(port, `${requests.join("\r\n")}Connection: close\r\n\r\n`);
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  assert.deepEqual(statuses, [200, 404, 400, 200, 404, 200, 200, 200]);
  assert.match(answers, /<p>index<\/p>$/);
});

test("many clients at once are all answered", LIMITED, async () => {
  const targets = Array.from(
    { length: 300 },
    (_, n) => ["/", "/nothing", "/sub/", "/folder-as-index/"][n % 4],
  );
  const answers = await Promise.all(targets.map((target) => ask(port, target)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    targets.map((target) => (target === "/" || target === "/sub/" ? 200 : 404)),
  );
});

test(
  "a file that shrinks while it is sent: its answer breaks off, and the server serves on",
  LIMITED,
  async () => {
    const { socket, first } = await beginDownload(port, "/shrinks.bin");
    assert.match(first, new RegExp(`^Content-Length: ${BIG}$`, "im"));
    truncateSync(join(site, "shrinks.bin"), 1000);
    let received = first.length;
    socket.on("data", (chunk) => (received += chunk.length));
    await once(socket.resume(), "close", { signal: AbortSignal.timeout(DEADLINE_MS) });
    assert.ok(received < BIG, `${received} bytes`);
    assert.equal((await ask(port, "/shrinks.bin")).body.length, 1000);
  },
);

test("a file that grows while it is sent: as much of it as was promised", LIMITED, async () => {
  const path = join(site, "grows.bin");
  writeFileSync(path, Buffer.alloc(BIG / 4));
  const { socket, first } = await beginDownload(port, "/grows.bin", 2);
  truncateSync(path, BIG / 2);
  let answers = first;
  socket.setEncoding("latin1").on("data", (chunk) => (answers += chunk));
  socket.resume();
  await until("the second answer begins", () => answers.indexOf("HTTP/1.1 200", 1) > 0);
  socket.destroy();
  const headers = answers.indexOf("\r\n\r\n") + 4;
  assert.equal(answers.indexOf("HTTP/1.1 200", 1) - headers, BIG / 4);
});

test("a file that may not be read is not there", LIMITED, async (t) => {
  const path = join(site, "unreadable.txt");
  writeFileSync(path, "secret");
  chmodSync(path, 0);
  if (process.getuid?.() === 0) {
    // Root may read all. The folder must be open to others, or not even the site's own files are there.
    chmodSync(folder, 0o755);
    process.seteuid?.(65534);
    t.after(() => process.seteuid?.(0));
  }
  assert.equal((await ask(port, "/unreadable.txt")).status, 404);
  assert.equal((await ask(port, "/")).status, 200);
});

test("a folder that vanishes: 404, until it is back", LIMITED, async (t) => {
  const home = join(folder, "vanishes");
  mkdirSync(home);
  writeFileSync(join(home, "index.html"), "here");
  const { port: homePort } = await served(t, home);
  renameSync(home, `${home}-away`);
  assert.equal((await ask(homePort, "/")).status, 404);
  writeFileSync(home, "a file");
  assert.equal((await ask(homePort, "/")).status, 404);
  rmSync(home);
  renameSync(`${home}-away`, home);
  assert.equal((await ask(homePort, "/")).body, "here");
});

test(
  "without a descriptor left, requests fail, and are answered again when there are some",
  LIMITED,
  async (t) => {
    const command = 'ulimit -n 40; exec "$0" "$@"';
    const child = spawn("sh", ["-c", command, process.execPath, HEDDLE, "serve", site, "--port=0"]);
    t.after(() => child.kill());
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    await until("it names its port", () => /:\d+\//.test(said));
    const childPort = Number(/:(\d+)\//.exec(said)?.[1]);
    /** @type {string[]} the status that each client got, or "none" */
    const outcomes = [];
    const clients = Array.from({ length: 60 }, () => {
      const socket = connect(childPort, "127.0.0.1");
      socket.write("GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
      socket.once("data", (first) => outcomes.push(String(first).split(" ")[1]) && socket.pause());
      socket.once("close", () => outcomes.push("none")).on("error", () => {});
      return socket;
    });
    await until("a client goes without", () => outcomes.some((outcome) => outcome !== "200"));
    for (const socket of clients) socket.destroy();
    assert.deepEqual(
      outcomes.filter((outcome) => !["200", "500", "none"].includes(outcome)),
      [],
    );
    const isServed = () => ask(childPort, "/").then(({ status }) => status === 200);
    await until("it has descriptors again", () => isServed().catch(() => false));
    assert.equal(child.exitCode, null);
  },
);

test("what is no HTTP ends its connection alone", LIMITED, async () => {
  for (const text of [
    "\0\0\r\n\r\n",
    "GET\r\n\r\n",
    "CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  ])
    await exchange(port, text);
  assert.equal((await ask(port, "/")).status, 200);
});

test("connections that cannot be taken do not end the server", LIMITED, async (t) => {
  const said = t.mock.method(console, "error", () => {});
  for (const _ of [1, 2]) server.emit("error", new Error("accept EMFILE"));
  assert.deepEqual(said.mock.calls[1].arguments, ["heddle: serve: accept EMFILE"]);
  assert.equal((await ask(port, "/")).status, 200);
});
