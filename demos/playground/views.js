// Which pane is in view: three share a place; on narrow screens all five do.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {"code" | "output" | "threads" | "files" | "pictures"} View */

/**
 * @example
 * const views = new Views(tablist, (view) => {});
 * views.show("output");
 */
export class Views {
  #tabs;
  #onShow;
  #narrow = matchMedia("(max-width: 800px)");
  /** The user has chosen a pane since the program began. */
  #chosen = false;

  /**
   * @param {HTMLElement} tablist
   * @param {(view: View) => void} onShow
   */
  constructor(tablist, onShow) {
    this.#tabs = /** @type {HTMLElement[]} */ ([...tablist.querySelectorAll("[role=tab]")]);
    this.#onShow = onShow;
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.show(view(tab), true));
    tablist.addEventListener("keydown", (event) => this.#moveFocus(event));
    this.#narrow.addEventListener("change", () => this.#update());
    this.#update();
  }

  get narrow() {
    return this.#narrow.matches;
  }

  /** @param {View} name */
  isVisible(name) {
    const { view, panel } = document.body.dataset;
    return this.narrow ? view === name : name === "code" || name === "output" || panel === name;
  }

  /**
   * @param {View} name
   * @param {boolean} [byUser]
   */
  show(name, byUser = false) {
    if (byUser) this.#chosen = true;
    document.body.dataset.view = name;
    if (name !== "code" && name !== "output") document.body.dataset.panel = name;
    this.#update();
    this.#onShow(name);
  }

  /**
   * Shows a pane that has something new, unless the user has chosen another one, or the screen has
   * room for one only.
   * @param {View} name
   */
  offer(name) {
    if (!this.narrow && !this.#chosen && !this.isVisible(name)) this.show(name);
  }

  /** Another program begins. */
  forgetChoice() {
    this.#chosen = false;
  }

  /**
   * @param {View} name
   * @param {string} text "" for none
   * @param {boolean} [alarming]
   */
  badge(name, text, alarming = false) {
    const badge = this.#tabs.find((tab) => view(tab) === name)?.querySelector(".badge");
    if (!badge) return;
    if (badge.textContent !== text) badge.textContent = text;
    badge.classList.toggle("alarming", alarming);
  }

  #update() {
    const { view: current, panel } = document.body.dataset;
    const selected = this.narrow ? current : panel;
    for (const tab of this.#tabs) {
      const isSelected = view(tab) === selected;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  #moveFocus(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const tabs = this.#tabs.filter((tab) => tab.offsetParent);
    const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = tabs[(at + step + tabs.length) % tabs.length];
    event.preventDefault();
    next.focus();
    this.show(view(next), true);
  }
}

/** @param {HTMLElement} tab @returns {View} */
function view(tab) {
  return /** @type {View} */ (tab.dataset.view);
}
