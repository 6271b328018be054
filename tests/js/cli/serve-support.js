// For tests of `heddle serve`: a server, and requests that are sent as they are written.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { connect } from "node:net";

import { serve } from "../../../js/src/cli/serve.js";

// Generous: other work may have the processors.
export const DEADLINE_MS = 30_000;
/** What each test gets. */
export const LIMITED = { timeout: 2 * DEADLINE_MS };

/** Why tests that count open files are skipped, or false. */
export const noProc = process.platform === "linux" ? false : "only Linux tells which files are open";

/**
 * Serves a folder until the test ends, or those of the file.
 * @param {{after: (close: () => void) => void}} t
 * @param {string} folder
 */
export async function served(t, folder) {
  const server = await serve([folder, "--port=0"]);
  assert.ok(server);
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { server, port };
}

/**
 * Sends these bytes, and gives all that comes until the server closes the connection.
 * @param {number} port
 * @param {string} text
 */
export async function exchange(port, text) {
  const socket = connect(port, "127.0.0.1");
  const timer = setTimeout(() => socket.destroy(new Error(`no end of ${text}`)), DEADLINE_MS);
  try {
    socket.write(text);
    let answer = "";
    for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
    return answer;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/**
 * Asks for a target as it is written: fetch() would put it in order first.
 * @param {number} port
 * @param {string} target
 * @param {{method?: string, host?: string}} [options]
 */
export async function ask(port, target, { method = "GET", host = `localhost:${port}` } = {}) {
  const request = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const [head, ...body] = (await exchange(port, request)).split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

/**
 * A client that asks for something, has the beginning of the answer, and reads no further.
 * @param {number} port
 * @param {string} target
 * @param {number} [times] that it asks, without waiting for the answers
 */
export async function beginDownload(port, target, times = 1) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {}); // the server may break it off
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(times));
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const [first] = await once(socket, "data", { signal });
  socket.pause();
  return { socket, first: String(first) };
}

/**
 * The descriptors of this process that are files of a folder (Linux).
 * @param {string} folder
 */
export function openFilesIn(folder) {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false; // it was that of the list itself
    }
  }).length;
}

/**
 * Waits until the condition holds.
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} condition
 */
export async function until(what, condition) {
  const limit = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < limit, `not within ${DEADLINE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
