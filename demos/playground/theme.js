// Light and dark: as the system says, until the user chooses.
// SPDX-License-Identifier: MIT
// @ts-check

import { recall, remember } from "./settings.js";

/**
 * @param {HTMLElement} button
 * @param {(dark: boolean) => void} onChange called at once, and at each change
 * @example
 * setUpTheme(button, (dark) => editor.setDark(dark));
 */
export function setUpTheme(button, onChange) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (recall("theme") ?? (system.matches ? "dark" : "light")) === "dark";
  const update = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    onChange(isDark());
  };
  system.addEventListener("change", update);
  button.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    // Back to what the system says: follow it again from now on.
    remember("theme", chosen === (system.matches ? "dark" : "light") ? undefined : chosen);
    update();
  });
  update();
}
