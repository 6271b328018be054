// PyRepr: stands in JavaScript for a Python value that is not copied.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * Stands for a Python object that has no counterpart in JavaScript.
 * @example
 * const value = await py.run("object()");
 * if (value instanceof PyRepr) console.log(value.type, value.repr); // "object" "<object object at 0x...>"
 */
export class PyRepr {
  /**
   * @param {string} type
   * @param {string} repr
   */
  constructor(type, repr) {
    /** The name of the object's type. @readonly */
    this.type = type;
    /** Its repr(). @readonly */
    this.repr = repr;
    Object.freeze(this);
  }

  toString() {
    return this.repr;
  }
}
