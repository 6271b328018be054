// `heddle serve`: serves a folder with the headers that give a page shared memory.
// SPDX-License-Identifier: MIT
// @ts-check

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";

import { UsageError } from "./arguments.js";

const DEFAULT_PORT = 8000;

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".py": "text/x-python; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".zip": "application/zip",
};

/** Without the first two a page is not cross-origin isolated and has no SharedArrayBuffer. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/**
 * Serves until the process is ended.
 * @param {string[]} args what follows `heddle serve`
 * @returns {Promise<import("node:http").Server>}
 * @example
 * await serve(["demos", "--port=8000"]);
 */
export async function serve(args) {
  const { folder, port } = parse(args);
  const root = await realpath(folder).catch(() => {
    throw new UsageError(`serve: there is no folder ${folder}.`);
  });
  const server = createServer(folderHandler(root, ISOLATION));
  await new Promise((listening, failed) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      failed(
        new UsageError(`serve: cannot use port ${port}: ${error.message}. Name another one with --port.`),
      );
    });
    server.listen(port, "127.0.0.1", () => listening(undefined));
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`heddle: serving ${root} at http://localhost:${address.port}/ (Ctrl-C ends it)`);
  return server;
}

/** @param {string[]} args */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { port: { type: "string", short: "p" } },
      allowPositionals: true,
    });
    const port = Number(values.port ?? DEFAULT_PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port=${values.port} is no port`);
    return { folder: resolve(positionals[0] ?? "."), port };
  } catch (error) {
    throw new UsageError(
      `serve: ${/** @type {Error} */ (error).message}. Usage: heddle serve [folder] [--port=8000]`,
    );
  }
}

/**
 * Answers requests with the files of a folder. Browsers keep them, and ask each time whether they are
 * still good.
 * @param {string} folder
 * @param {Record<string, string>} headers of all answers
 * @returns {import("node:http").RequestListener}
 * @example
 * createServer(folderHandler("/srv/site", ISOLATION)).listen(8000);
 */
export function folderHandler(folder, headers) {
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader("Cache-Control", "no-cache");
    answer(folder, request, response).catch(() => response.writeHead(500).end());
  };
}

/**
 * @param {string} folder
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer(folder, request, response) {
  const url = new URL(request.url ?? "/", "http://localhost");
  const found = await existingFile(await realpath(folder), decodeURIComponent(url.pathname));
  if (found === undefined) {
    response.writeHead(404, { "Content-Type": TYPES[".txt"] }).end("Not found\n");
  } else if (found.isFolder && !url.pathname.endsWith("/")) {
    response.writeHead(301, { Location: `${url.pathname}/` }).end();
  } else {
    response.setHeader("ETag", found.version);
    if (request.headers["if-none-match"] === found.version) return void response.writeHead(304).end();
    const type = TYPES[extname(found.file)] ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Content-Length": found.size });
    if (request.method === "HEAD") response.end();
    else createReadStream(found.file).pipe(response);
  }
}

/**
 * The file that a URL's path names, if it lies in the folder; for a folder its index.html.
 * @param {string} root
 * @param {string} pathname
 */
async function existingFile(root, pathname) {
  try {
    const named = await realpath(join(root, pathname));
    if (named !== root && !named.startsWith(root + sep)) return undefined;
    const isFolder = (await stat(named)).isDirectory();
    const file = isFolder ? join(named, "index.html") : named;
    const { size, mtimeMs } = await stat(file);
    return { file, isFolder, size, version: `"${size.toString(36)}-${mtimeMs.toString(36)}"` };
  } catch {
    return undefined;
  }
}
