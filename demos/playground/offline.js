// Registers the service worker, which keeps the page's files for when there is no network.
// SPDX-License-Identifier: MIT
// @ts-check
//
// It also adds the isolation headers, for static hosts that cannot send them: the first visit there is
// not isolated, and is reloaded once the worker serves the page.

const WORKER = "service-worker.js";
const TAKE_OVER_MS = 1000;
const RELOADED = "heddle-playground-reloaded";

/**
 * Reloads the page where that is needed before Python can, or should, be loaded.
 * @returns {Promise<void>} never settles when the page is about to be reloaded
 */
export async function beforeLoading() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  try {
    if (!globalThis.crossOriginIsolated) {
      if (sessionStorage.getItem(RELOADED)) return; // it did not help: Python's error says what is wrong
      sessionStorage.setItem(RELOADED, "yes");
      await workers.register(WORKER);
      await workers.ready;
      return await reload();
    }
    sessionStorage.removeItem(RELOADED); // it helped, and may again when the worker is gone some day
    const waiting = (await workers.getRegistration())?.waiting;
    if (!waiting) return;
    // A new version came with the last visit. Other tabs may keep it from taking over.
    waiting.postMessage("take over");
    if (await isActivated(waiting)) await reload();
  } catch (error) {
    warn(error);
  }
}

/**
 * Keeps the page's files for the next visit. After Python is loaded, so as not to be in its way.
 * @param {(text: string) => void} say
 */
export async function keepForOffline(say) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  try {
    const registration = await workers.register(WORKER);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed" && workers.controller)
          say("A new version is there: reload to use it.");
      });
    });
  } catch (error) {
    warn(error);
  }
}

/** @param {ServiceWorker} worker */
async function isActivated(worker) {
  const until = performance.now() + TAKE_OVER_MS;
  while (worker.state !== "activated" && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return worker.state === "activated";
}

async function reload() {
  location.reload();
  await new Promise(() => {});
}

/** @param {unknown} error */
function warn(error) {
  console.warn("heddle playground: it will not work offline:", error); // private windows, say
}
