// Isolates the pages of a server that cannot send the two headers (GitHub Pages, say): a service worker
// that adds them to each answer, and the script that puts it in place.
// SPDX-License-Identifier: MIT
// @ts-nocheck  (one half is a page's script, the other a worker's: TypeScript knows only one at a time)
//
// Copy this file next to your page and load it first, by a plain script element:
//
//   <script src="isolation-worker.js"></script>
//
// docs/browser.md tells when it is needed.
// The first visit reloads the page once; from then on it is isolated. It works for pages in the folder
// of the file and below, over https or from localhost.

const RELOADED = "heddle: reloaded to be isolated";

if (typeof window === "undefined") {
  serve();
} else if (window.crossOriginIsolated) {
  sessionStorage.removeItem(RELOADED);
} else {
  void install(document.currentScript.src);
}

// ---- In the service worker ---------------------------------------------------------------------------

function serve() {
  self.addEventListener("install", () => self.skipWaiting());
  // No clients.claim(): the page is reloaded anyway. In Firefox it can wait for Python's workers, which
  // wait in Atomics.wait, and then every later visit waits for it.
  self.addEventListener("fetch", (event) => {
    const { cache, mode } = event.request;
    if (cache === "only-if-cached" && mode !== "same-origin") return; // fetch() refuses to send this one
    event.respondWith(fetch(event.request).then(isolated));
  });
}

/** @param {Response} response */
function isolated(response) {
  if (response.status === 0) return response; // another origin's, or a redirection: sealed
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

// ---- In the page --------------------------------------------------------------------------------------

/** @param {string} url of this file */
async function install(url) {
  const failed = (/** @type {string} */ reason) =>
    console.warn(`heddle: isolation-worker.js: this page cannot be isolated: ${reason}`);
  if (!navigator.serviceWorker) {
    return failed("no service workers here. They need https (or localhost), and no private window.");
  }
  if (sessionStorage.getItem(RELOADED)) {
    sessionStorage.removeItem(RELOADED);
    return failed("it was reloaded and is not. In a frame, the page around it must be isolated too.");
  }
  try {
    await navigator.serviceWorker.register(url);
    await navigator.serviceWorker.ready;
  } catch (error) {
    return failed(String(error));
  }
  sessionStorage.setItem(RELOADED, "yes");
  location.reload();
}
