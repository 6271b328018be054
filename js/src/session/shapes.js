// Checks the shape of JSON that came from Python, whose program may have written it itself.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * A new object with these fields, and nothing else that the value may have. Throws a TypeError where one is missing or
 * of another type.
 * @param {unknown} value
 * @param {Record<string, string>} types what typeof says of each field
 * @returns {any}
 * @example
 * fieldsOf({ name: "x", line: 1, more: 0 }, { name: "string", line: "number" }); // { name: "x", line: 1 }
 */
export function fieldsOf(value, types) {
  if (typeof value !== "object" || value === null) throw new TypeError("heddle: no object where one must be");
  const fields = Object.entries(types).map(([name, type]) => {
    const field = Object.hasOwn(value, name) ? /** @type {any} */ (value)[name] : undefined;
    if (typeof field !== type) throw new TypeError(`heddle: ${name} is no ${type}`);
    return [name, field];
  });
  return Object.fromEntries(fields);
}

/**
 * The value, which must be an array.
 * @param {unknown} value
 * @returns {any[]}
 * @example
 * for (const item of listOf(reply.items)) take(item);
 */
export function listOf(value) {
  if (Array.isArray(value)) return value;
  throw new TypeError("heddle: no list where one must be");
}

/**
 * The frames of an error or of a thread. Code without line numbers is in line 0.
 * @param {unknown} value
 * @returns {import("./protocol.js").Frame[]}
 * @example
 * framesOf([{ filename: "a.py", line: 1, name: "f" }]);
 */
export function framesOf(value) {
  return listOf(value).map((frame) => {
    const { filename, name } = fieldsOf(frame, { filename: "string", name: "string" });
    return { filename, line: typeof frame.line === "number" ? frame.line : 0, name };
  });
}
