// The files of a build in a browser: fetched, compiled once in a document, made into a script for workers.
// SPDX-License-Identifier: MIT
// @ts-check

import { filesIn, packagedFiles } from "../distribution.js";
import { brokenModule, LoadError, unreadableFile } from "../errors.js";
import { WORKER_PRELUDE } from "./browser-workers.js";
import { kept } from "./kept.js";

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @type {Map<string, Promise<string>>} the worker's blob: URL, by that of python.mjs */
const workerScripts = new Map();

let failedImports = 0;

/**
 * Begins to load everything: see Host.
 * @example
 * const { createPython, wasmModule } = openDistribution("https://example.org/heddle/");
 * @type {import("./host.js").Host["openDistribution"]}
 */
export function openDistribution(location) {
  const files = location ? filesIn(new URL(location, document.baseURI)) : packagedFiles();
  const { glue, wasm, stdlib, stdlibRest, stdlibSources } = files;
  const workerURL = kept(workerScripts, glue, workerScript);
  return {
    workerURL,
    wasmModule: kept(modules, wasm, compile),
    stdlib: read(stdlib, bytesOf),
    fetchStdlibRest: () => read(stdlibRest, bytesOf),
    fetchStdlibSources: () => read(stdlibSources, bytesOf),
    createPython: importGlue(glue, workerURL),
  };
}

/**
 * @param {URL} url of python.mjs
 * @param {Promise<string>} workerURL rejects if its text cannot be had
 */
async function importGlue(url, workerURL) {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ url.href)).default;
  } catch {
    await workerURL; // fetch() says better why it is not there
  }
  // It is there now: a page never imports again what it once failed to import, but by another name it does.
  const again = `${url.href}#${++failedImports}`;
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ again)).default;
  } catch (error) {
    throw unreadableFile(url, /** @type {Error} */ (error).message, error);
  }
}

/** @param {Response} response */
const bytesOf = async (response) => new Uint8Array(await response.arrayBuffer());

/** @param {URL} url */
async function workerScript(url) {
  const glue = await read(url, (response) => response.text());
  const parts = [WORKER_PRELUDE, glue, `\n//# sourceURL=${url}\n`];
  return URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
}

/** @param {URL} url */
function compile(url) {
  return read(url, async (response) => {
    // Servers that send another type than application/wasm are met by compiling the bytes.
    const streams = response.headers.get("Content-Type") === "application/wasm";
    try {
      return await (streams
        ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer()));
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      if (!/content.security.policy|\bCSP\b/i.test(reason)) throw brokenModule(url, error);
      throw new LoadError(
        `heddle: loadPython(): the page's Content-Security-Policy forbids WebAssembly: ${reason}. ` +
          "Add 'wasm-unsafe-eval' to its script-src.",
        { cause: error },
      );
    }
  });
}

/**
 * @template T
 * @param {URL} url
 * @param {(response: Response) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function read(url, use) {
  try {
    const response = await fetch(url);
    if (!response.ok)
      throw unreadableFile(url, `the server answers ${response.status} ${response.statusText}`);
    if (response.headers.get("Content-Type")?.startsWith("text/html")) {
      throw unreadableFile(url, "the server answers with a web page");
    }
    return await use(response);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    const { message } = /** @type {Error} */ (error);
    const causes = "no connection, or it broke, or another origin that sends no Access-Control-Allow-Origin";
    throw unreadableFile(url, `${message} (${causes})`, error);
  }
}
