// What the package needs from the place it runs in, and the choice of that place.
// SPDX-License-Identifier: MIT
// @ts-check
//
// host-node.js and host-browser.js implement the interface; the rest of the code asks no questions.

/**
 * A worker of this host, with what Emscripten's glue keeps on it.
 * @typedef {object} CarrierWorker
 * @property {(message: any, transfer?: any[]) => void} postMessage
 * @property {(event: any) => void} [onmessage]
 * @property {((event: any) => void) | null} [onerror]
 * @property {number} [pthread_ptr] the token of the carrier that it is, or 0 while it runs nothing
 * @property {boolean} [loaded] it has said that it can run threads
 */

/**
 * The files of one build of python.wasm, each on its way.
 * @typedef {object} Distribution
 * @property {Promise<string>} workerURL what a worker runs
 * @property {Promise<((settings: object) => Promise<any>) & { buildId?: string }>} createPython Emscripten's glue
 * @property {Promise<WebAssembly.Module>} wasmModule
 * @property {Promise<Uint8Array>} stdlib the standard library's archive: what most programs use
 * @property {() => Promise<Uint8Array>} fetchStdlibRest the archive of all else, fetched now
 * @property {() => Promise<Uint8Array>} fetchStdlibSources the archive of their sources, fetched now
 */

/**
 * Folders of this machine that one Python may reach. The program's memory has nothing of it.
 * @typedef {object} FolderGrant
 * @property {any} lent what python.wasm's imports know of it (guest-files.js), the same in all its workers
 * @property {{path: string, number: number}[]} folders as they were asked for, each with its number (host.h)
 * @property {() => void} release closes all that the program has open. Only once its workers are gone
 */

/**
 * @typedef {object} Host
 * @property {() => void} checkSupport
 *   Throws an UnsupportedHostError if threads cannot work here.
 * @property {(location?: string | URL) => Distribution} openDistribution
 *   Begins to load everything at once. Rejections are LoadErrors.
 * @property {(url: string, onFailure: (error: Error) => void, files?: FolderGrant) => CarrierWorker} createWorker
 *   May throw. onFailure is called if the worker cannot load, ends by an error, or is ended by
 *   somebody else. Only its first call counts.
 * @property {(worker: CarrierWorker) => Promise<void>} terminateWorker
 *   Resolves when it is gone, or in a page when the browser has been told: Chromium gives a worker
 *   that waits 2 seconds. May be called again.
 * @property {() => Promise<void>} nextTask
 *   Resolves as soon as other events, and a page's next frame, have had a chance.
 * @property {(ms: number, act: () => void) => () => void} every
 *   Calls act() again and again, until the returned function is called. Keeps no program from ending.
 * @property {() => () => void} stayAlive
 *   Keeps the program from ending while idle, until the returned function is called.
 * @property {(stream: 1 | 2, text: string) => void} print
 *   The default receiver of output.
 * @property {(paths: string[]) => string[]} resolveFolders
 *   The absolute paths of folders of the host's, free of links. Throws where there are none, or if one lies in
 *   another: Python would see its files twice, each time as if it alone changed them.
 * @property {(paths: string[]) => FolderGrant | undefined} grantFolders
 *   Opens folders, given by paths without links. undefined: of none. Throws a HeddleError that names the folder which
 *   cannot be opened.
 */

import { browserHost } from "./host-browser.js";

const isNode = typeof process === "object" && typeof process.versions?.node === "string";

/**
 * The host that this code runs in.
 * @returns {Promise<Host>}
 * @example
 * const host = await currentHost();
 */
export async function currentHost() {
  // Bundlers for pages must not look into the Node host, whose imports they do not have: package.json's
  // "browser" says it to all of them, the comments spare some an empty file.
  if (isNode) return (await import(/* webpackIgnore: true */ /* @vite-ignore */ "./host-node.js")).nodeHost;
  return browserHost;
}
