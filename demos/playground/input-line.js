// The line that answers input().
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * @example
 * const input = new InputLine(form, { onLine: (line) => engine.answer(line), onInterrupt: stop });
 * input.show(true, "Your name? ");
 */
export class InputLine {
  #form;
  #label;
  #line;

  /**
   * @param {HTMLFormElement} form with a label, an input and a button that ends the input
   * @param {{onLine: (line: string | null) => void, onInterrupt: () => void}} events null: no more input
   */
  constructor(form, { onLine, onInterrupt }) {
    this.#form = form;
    this.#label = /** @type {HTMLLabelElement} */ (form.querySelector("label"));
    this.#line = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      onLine(this.#line.value);
    });
    form.querySelector("button[type=button]")?.addEventListener("click", () => onLine(null));
    this.#line.addEventListener("keydown", (event) => {
      if (!event.ctrlKey) return;
      const nothingSelected = this.#line.selectionStart === this.#line.selectionEnd;
      if (event.key === "d") onLine(null);
      else if (event.key === "c" && nothingSelected) onInterrupt();
      else return;
      event.preventDefault();
    });
  }

  /**
   * @param {boolean} wanted
   * @param {string} prompt what Python has printed in this line
   */
  show(wanted, prompt) {
    if (wanted === !this.#form.hidden) return;
    this.#form.hidden = !wanted;
    if (!wanted) return;
    this.#line.value = "";
    this.#label.textContent = prompt.trim() || "Input";
    this.#label.title = prompt;
    this.#line.focus();
  }
}
