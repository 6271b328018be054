// `heddle serve`: serves a folder with the headers that give a page shared memory.
// SPDX-License-Identifier: MIT
// @ts-check

import { once } from "node:events";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";

import { UsageError } from "./arguments.js";
import { SERVE_HELP } from "./help.js";
import { contents, openServed } from "./served-file.js";

const DEFAULT_PORT = 8000;

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".py": "text/x-python; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".zip": "application/zip",
};

/** Without the first two a page is not cross-origin isolated and has no SharedArrayBuffer. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/** Browsers keep what they get, but ask each time; and they take its type as it is told. */
const ALWAYS = { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" };

/**
 * The names of this machine, with any port; `localhost.` is the same one, spelled to its end. A page of another site
 * could give its own name our address, and would then read what we serve as its own.
 */
const OWN_HOST = /^(localhost\.?|127\.0\.0\.1|\[::1\])(:\d*)?$/i;

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */

/**
 * Serves until the process is ended. With --help it only prints how, and gives no server.
 * @param {string[]} args what follows `heddle serve`
 * @returns {Promise<import("node:http").Server | undefined>}
 * @example
 * await serve(["demos", "--port=8000"]);
 */
export async function serve(args) {
  const { folder, port, help } = parse(args);
  if (help) return void process.stdout.write(SERVE_HELP);
  const root = await realFolder(folder);
  const answerFiles = folderHandler(root, ISOLATION);
  // Node's own limits of time end the connection of a client that never finishes its request.
  const server = createServer((request, response) => {
    const hosts = request.headersDistinct.host ?? []; // request.headers has the first one only
    if (hosts.length < 2 && isForUs(request)) return answerFiles(request, response);
    for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
    if (hosts.length > 1) say(response, 400, "A request has one Host");
    else say(response, 421, "This server answers for localhost only");
  });
  await new Promise((listening, failed) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      failed(
        new UsageError(`serve: cannot use port ${port}: ${error.message}. Name another one with --port.`),
      );
    });
    server.listen(port, "127.0.0.1", () => listening(undefined));
  });
  // From now on an error is that of one connection, which could not be taken.
  server.on("error", (error) => console.error(`heddle: serve: ${error.message}`));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`heddle: serving ${root} at http://localhost:${address.port}/ (Ctrl-C ends it)`);
  return server;
}

/** @param {string[]} args */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { port: { type: "string", short: "p" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const port = Number(values.port ?? DEFAULT_PORT);
    // Number() would take "", " 80", "0x50" and "1e3" too.
    if (!/^\d+$/.test(values.port ?? "0") || port > 65535)
      throw new Error(`--port=${values.port} is no port`);
    if (positionals.length > 1) throw new Error(`${JSON.stringify(positionals[1])} is one folder too many`);
    if (positionals[0] === "") throw new Error("the folder's name is empty"); // resolve() takes it for this folder
    return { folder: resolve(positionals[0] ?? "."), port, help: values.help };
  } catch (error) {
    throw new UsageError(
      `serve: ${/** @type {Error} */ (error).message}. Usage: heddle serve [folder] [--port=8000]`,
    );
  }
}

/** @param {string} folder */
async function realFolder(folder) {
  const root = await realpath(folder).catch(() => undefined);
  if (!root || !(await stat(root)).isDirectory())
    throw new UsageError(`serve: there is no folder ${folder}.`);
  return root;
}

/**
 * Whether all hosts that a request names are this machine. HTTP/1.0 need not name any.
 * @param {Request} request
 */
function isForUs({ url: target = "/", headers }) {
  const named = target.startsWith("/") ? undefined : parseTarget(target)?.host;
  return [headers.host, named].every((host) => host === undefined || OWN_HOST.test(host));
}

/**
 * Answers requests with the files of a folder. An error ends the answer that it happens in, and nothing else.
 * @param {string} folder
 * @param {Record<string, string>} headers of all answers
 * @returns {import("node:http").RequestListener}
 * @example
 * createServer(folderHandler("/srv/site", ISOLATION)).listen(8000);
 */
export function folderHandler(folder, headers) {
  return (request, response) => {
    for (const [name, value] of Object.entries({ ...headers, ...ALWAYS })) response.setHeader(name, value);
    answer(folder, request, response).catch(() => {
      // Too late for a status, once the client has one: that the answer breaks off tells it.
      if (response.headersSent) response.destroy();
      else say(response, 500, "The server cannot read this now");
    });
  };
}

/**
 * @param {string} folder
 * @param {Request} request
 * @param {Response} response
 */
async function answer(folder, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return say(response, 405, "Only GET and HEAD");
  }
  const url = parseTarget(request.url ?? "/");
  const names = url && namesOf(url.pathname);
  if (!names) return say(response, 400, "Not a path");

  // A client may ask for more before it has the answers. Those that wait for their turn hold no file open.
  if (!response.socket) await once(response, "socket");

  const isFolder = url.pathname.endsWith("/");
  const file = names.some(isHidden) ? undefined : await openServed(folder, names);
  try {
    if (!file || (isFolder && !file.isIndex)) return say(response, 404, "Not found");
    if (file.isIndex && !isFolder) {
      // One slash at the start: with two, the first name would be a host.
      const path = names.map((name) => `/${encodeURIComponent(name)}`).join("");
      return void response.writeHead(301, { Location: `${path}/${url.search}` }).end();
    }
    response.setHeader("ETag", file.version);
    if (isKnown(request.headers["if-none-match"], file.version)) return void response.writeHead(304).end();
    const type = TYPES[extname(file.path).toLowerCase()] ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Content-Length": file.size });
    if (request.method === "HEAD") response.end();
    else await pipeline(contents(file), response); // ends with the client, should that be sooner
  } finally {
    await file?.handle.close();
  }
}

/**
 * Whether a client has this version: it names it among others, or takes any (`*`). Weak tags count as strong ones.
 * @param {string | undefined} tags of If-None-Match
 * @param {string} version
 */
function isKnown(tags = "", version) {
  if (tags.trim() === "*") return true;
  for (const [tag] of tags.matchAll(/"[^"]*"/g)) if (tag === version) return true; // it may hold commas, and no quotes
  return false;
}

/**
 * What a request asks for: a path, or a whole URL as proxies get it. undefined: neither.
 * @param {string} target
 */
function parseTarget(target) {
  const text = target.startsWith("/") ? `http://localhost${target}` : target;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" ? url : undefined;
}

/**
 * The names in a path. undefined: an escape is broken, or there is a NUL.
 * @param {string} pathname
 */
function namesOf(pathname) {
  try {
    const names = pathname.split("/").filter(Boolean).map(decodeURIComponent);
    return names.some((name) => name.includes("\0")) ? undefined : names;
  } catch {
    return undefined;
  }
}

/**
 * Names that are not served: .git, .env and the like, and those that hide a path. Their owner may link to them by
 * another name, as some package managers do.
 * @param {string} name
 * @param {number} depth
 */
function isHidden(name, depth) {
  const isWellKnown = depth === 0 && name === ".well-known";
  return (name.startsWith(".") && !isWellKnown) || /[/\\]/.test(name);
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} text
 */
function say(response, status, text) {
  response.writeHead(status, { "Content-Type": TYPES[".txt"] }).end(`${text}\n`);
}
