// The pane around the output: its buttons, the colours of threads, the hint when it is empty.
// SPDX-License-Identifier: MIT
// @ts-check

import { recall, remember } from "./settings.js";

/**
 * @typedef {object} OutputPaneSettings
 * @property {import("./output.js").Output} output
 * @property {() => boolean} isRunning
 * @property {(text: string) => void} say
 */

/**
 * @example
 * const outputPane = new OutputPane(element, { output, isRunning, say });
 * outputPane.hideHint();
 */
export class OutputPane {
  #hint;
  #log;
  #colours;

  /**
   * @param {HTMLElement} element
   * @param {OutputPaneSettings} settings
   */
  constructor(element, { output, isRunning, say }) {
    /** @param {string} selector */
    const part = (selector) => /** @type {HTMLElement} */ (element.querySelector(selector));
    this.#hint = part("#output-empty");
    this.#log = part("#log");
    this.#colours = part("#colours");

    part("#clear").addEventListener("click", () => {
      output.clear();
      this.#hint.hidden = isRunning();
    });
    part("#copy").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(output.text);
        say("Output copied");
      } catch {
        say("The browser does not let this page copy. Select the text and copy it.");
      }
    });

    this.#setColours(recall("colours") ?? false);
    this.#colours.addEventListener("click", () =>
      this.#setColours(this.#colours.getAttribute("aria-pressed") !== "true"),
    );

    const toEnd = part("#to-end");
    this.#log.addEventListener("scroll", () => (toEnd.hidden = output.atEnd), { passive: true });
    toEnd.addEventListener("click", () => output.scrollToEnd());
  }

  hideHint() {
    this.#hint.hidden = true;
  }

  /** @param {boolean} on */
  #setColours(on) {
    this.#colours.setAttribute("aria-pressed", String(on));
    this.#log.classList.toggle("colours", on);
    remember("colours", on);
  }
}
