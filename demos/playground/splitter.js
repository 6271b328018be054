// Separators between panes, moved by dragging or with the arrow keys.
// SPDX-License-Identifier: MIT
// @ts-check

import { recall, remember } from "./settings.js";

const MIN_PERCENT = 15;
const MAX_PERCENT = 85;

/**
 * Lets an element with role="separator" change a custom property of its parent: the share, in per cent,
 * of the pane before it.
 * @param {HTMLElement} separator data-property names the custom property
 * @example
 * document.querySelectorAll("[role=separator]").forEach(makeSplitter);
 */
export function makeSplitter(separator) {
  const property = separator.dataset.property ?? "";
  const upright = separator.getAttribute("aria-orientation") === "vertical";
  const parent = /** @type {HTMLElement} */ (separator.parentElement);

  /** @param {number} percent */
  function set(percent) {
    const share = Math.round(Math.min(Math.max(percent, MIN_PERCENT), MAX_PERCENT) * 10) / 10;
    parent.style.setProperty(property, `${share}%`);
    separator.setAttribute("aria-valuenow", String(Math.round(share)));
    remember("splits", { ...recall("splits"), [property]: share });
  }

  separator.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    separator.focus();
    separator.setPointerCapture(event.pointerId);
  });
  separator.addEventListener("pointermove", (event) => {
    if (!separator.hasPointerCapture(event.pointerId)) return;
    const box = parent.getBoundingClientRect();
    set(100 * (upright ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height));
  });
  separator.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowUp: -2, ArrowRight: 2, ArrowDown: 2 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(Number(separator.getAttribute("aria-valuenow")) + step);
  });
  const remembered = recall("splits")?.[property];
  if (remembered) set(remembered);
}
