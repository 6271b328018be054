// Programs that come into the editor from elsewhere: examples, and what the page's address carries or names.
// SPDX-License-Identifier: MIT
// @ts-check

import { EXAMPLES } from "./examples.js";
import { codeIn } from "./share.js";

/** @typedef {(code: string, what: string) => void} ShowProgram what: where it comes from */

/**
 * Fills the list of examples.
 * @param {HTMLSelectElement} list
 * @param {ShowProgram} show
 * @example
 * setUpExamples(select, (code, what) => editor.replace(code));
 */
export function setUpExamples(list, show) {
  list.append(...EXAMPLES.map(({ name, title }) => new Option(title, name)));
  list.addEventListener("change", () => {
    showExample(list.value, show);
    list.value = "";
  });
}

/**
 * Shows the program of the page's address, if it has one.
 * @param {ShowProgram} show
 * @param {(error: unknown) => void} report the link is damaged
 */
export async function openLink(show, report) {
  try {
    const code = await codeIn(location.hash);
    const example = /^#example=(\w+)$/.exec(location.hash)?.[1];
    if (code !== undefined) show(code, "Program from the link");
    else if (example) showExample(example, show);
    else return;
  } catch (error) {
    report(error);
  }
  // What is edited from now on is no longer what the address says.
  history.replaceState(null, "", location.pathname + location.search);
}

/**
 * @param {string} name
 * @param {ShowProgram} show
 */
function showExample(name, show) {
  const example = EXAMPLES.find((one) => one.name === name);
  if (example) show(example.code, `Example: ${example.title}`);
}
