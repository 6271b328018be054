// The service worker: serves the page's files from a cache, all of one version, with isolation headers.
// SPDX-License-Identifier: MIT
// @ts-check

/* global HEDDLE_VERSION, HEDDLE_FILES -- put in by scripts/playground.js: a hash of all files, and their paths */
const VERSION = HEDDLE_VERSION;
const FILES = HEDDLE_FILES;

const CACHE = `heddle-playground-${VERSION}`;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {any} */ event) => {
  const requests = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  // No clients.claim(): in Firefox it waits for Python's workers, which wait in Atomics.wait, and every
  // later visit would wait for it.
  event.waitUntil(deleteOthers());
});

worker.addEventListener("message", (/** @type {MessageEvent} */ event) => {
  if (event.data === "take over") void worker.skipWaiting();
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, url } = /** @type {Request} */ (event.request);
  if (method === "GET" && url.startsWith(worker.registration.scope)) event.respondWith(answer(event.request));
});

async function deleteOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith("heddle-playground-") && name !== CACHE) await caches.delete(name);
  }
}

/** @param {Request} request */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const response = (await cache.match(request, { ignoreSearch: true })) ?? (await fetch(request));
  if (response.status === 0) return response; // opaque or a redirect: nothing to add
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
