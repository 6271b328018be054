// Buffers and views of them, also those of another frame, as bytes.
// SPDX-License-Identifier: MIT
// @ts-check

/** These getters take buffers alone, also those of another frame. */
const LENGTHS = [globalThis.ArrayBuffer, globalThis.SharedArrayBuffer].flatMap(
  (kind) => (kind && Object.getOwnPropertyDescriptor(kind.prototype, "byteLength")?.get) ?? [],
);

/**
 * Whether it is an ArrayBuffer or a SharedArrayBuffer.
 * @param {unknown} value
 * @returns {value is ArrayBufferLike}
 * @example
 * isBuffer(new ArrayBuffer(8)); // true
 */
export function isBuffer(value) {
  return LENGTHS.some((length) => {
    try {
      return length.call(value) >= 0;
    } catch {
      return false;
    }
  });
}

/**
 * The bytes of a buffer or a view, which share its memory. Throws a TypeError if it was transferred.
 * @param {ArrayBufferView | ArrayBufferLike} value
 * @returns {Uint8Array}
 * @example
 * bytesOf(new Uint16Array(2)).length; // 4
 */
export function bytesOf(value) {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}
