// The page's keys, wherever the focus is.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("./views.js").View} View */

/** @type {View[]} Alt-1 is the first */
const VIEWS = ["code", "output", "threads", "files", "pictures"];

/**
 * @param {{run: () => void, stop: () => void, keep: () => void, show: (view: View) => void}} actions
 * @example
 * setUpKeys({ run, stop, keep, show: (view) => views.show(view, true) });
 */
export function setUpKeys({ run, stop, keep, show }) {
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const view = /^Digit([1-5])$/.exec(event.code)?.[1];
    if (control && event.key === "Enter") run();
    else if (control && event.key === ".") stop();
    else if (control && event.key === "s") keep();
    else if (event.altKey && !control && view) show(VIEWS[Number(view) - 1]);
    else return;
    event.preventDefault();
  });
}
