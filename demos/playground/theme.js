// Light and dark: as the system says, until the user chooses.
// SPDX-License-Identifier: MIT
// @ts-check

import { recall, remember } from "./settings.js";

/**
 * @param {HTMLElement} button
 * @param {(dark: boolean) => void} onChange
 * @example
 * const { dark } = setUpTheme(button, (dark) => editor.setDark(dark));
 */
export function setUpTheme(button, onChange) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (recall("theme") ?? (system.matches ? "dark" : "light")) === "dark";
  const update = () => {
    const theme = recall("theme");
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    onChange(isDark());
  };
  system.addEventListener("change", update);
  button.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    // Back to what the system says: follow it again from now on.
    remember("theme", chosen === (system.matches ? "dark" : "light") ? undefined : chosen);
    update();
  });
  return { dark: isDark() };
}
