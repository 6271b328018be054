// The dialog with a link to the program.
// SPDX-License-Identifier: MIT
// @ts-check

import { linkFor } from "./share.js";

/** Some chat programs cut longer addresses. */
const LONG_LINK = 4000;

/**
 * @param {HTMLElement} button
 * @param {HTMLDialogElement} dialog
 * @param {() => string} code
 * @example
 * setUpShareDialog(button, dialog, () => editor.text);
 */
export function setUpShareDialog(button, dialog, code) {
  const link = /** @type {HTMLInputElement} */ (dialog.querySelector("#share-link"));
  const note = /** @type {HTMLElement} */ (dialog.querySelector("#share-note"));
  button.addEventListener("click", async () => {
    link.value = await linkFor(code(), location.href);
    const long = link.value.length > LONG_LINK;
    note.textContent = long
      ? `It is ${link.value.length} characters long: some programs cut such links.`
      : "";
    dialog.showModal();
    link.select();
  });
  dialog.querySelector("#share-copy")?.addEventListener("click", async () => {
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      note.textContent = "Copied.";
    } catch {
      note.textContent = "The browser does not let this page copy: press Ctrl-C.";
    }
  });
}
