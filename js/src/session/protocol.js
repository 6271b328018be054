// The messages between the host thread and heddle_session.py, and how they are packed into bytes.
// SPDX-License-Identifier: MIT
// @ts-check
//
// A message is: 4 bytes with the size of the JSON text, least significant first; the JSON text in
// UTF-8; then the bytes objects that the JSON refers to, end to end. Values inside are written as
// value-codec.js describes.

/**
 * Any JSON value, with one-key objects for what JSON has no word for; see value-codec.js.
 * @typedef {null | boolean | number | string | unknown[] | {[tag: string]: unknown}} EncodedValue
 */

/**
 * Host thread to Python: run this code in __main__.
 * @typedef {object} RunRequest
 * @property {"heddle:run"} type
 * @property {number} id
 * @property {string} code
 * @property {string} [filename] left out: a name of its own, "<run 1>"
 * @property {EncodedValue} [globals] an encoded dict of variables to set first
 */

/**
 * One call on the way to an error.
 * @typedef {object} Frame
 * @property {string} filename
 * @property {number} line
 * @property {string} name the function's, or "<module>"
 */

/**
 * @typedef {object} ErrorDescription
 * @property {string} type
 * @property {string} message
 * @property {string} traceback
 * @property {Frame[]} frames
 * @property {EncodedValue} [code] of a SystemExit
 */

/**
 * Python to host thread, once: requests are answered from now on.
 * @typedef {{type: "heddle:ready", version: string}} ReadyMessage
 */

/**
 * Python to host thread: the code ended. `value` is that of its last statement if it is an expression.
 * @typedef {{type: "heddle:result", id: number, value: EncodedValue}} ResultMessage
 */

/**
 * Python to host thread: the code raised.
 * @typedef {{type: "heddle:error", id: number, error: ErrorDescription}} ErrorMessage
 */

/** @typedef {ReadyMessage | ResultMessage | ErrorMessage} SessionMessage */

/**
 * What a reply of no bytes means: the code ended, and Python's memory had no room to tell how. Replies come in the
 * order of the requests, so it needs no id.
 * @type {ErrorDescription}
 */
export const NO_ROOM_FOR_REPLY = Object.freeze({
  type: "MemoryError",
  message: "no memory for the reply",
  traceback: "MemoryError: no memory for the reply\n",
  frames: [],
});

const SIZE_BYTES = 4;

/**
 * @param {object} message
 * @param {Uint8Array[]} [blobs]
 * @returns {Uint8Array}
 * @example
 * const bytes = packMessage({ type: "heddle:run", id: 1, code: "1 + 1" });
 */
export function packMessage(message, blobs = []) {
  const json = new TextEncoder().encode(JSON.stringify(message));
  const blobBytes = blobs.reduce((sum, blob) => sum + blob.length, 0);
  const bytes = new Uint8Array(SIZE_BYTES + json.length + blobBytes);
  new DataView(bytes.buffer).setUint32(0, json.length, /* littleEndian= */ true);
  bytes.set(json, SIZE_BYTES);
  let end = SIZE_BYTES + json.length;
  for (const blob of blobs) {
    bytes.set(blob, end);
    end += blob.length;
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes not shared with other threads
 * @returns {{message: any, blobs: Uint8Array}}
 * @example
 * const { message, blobs } = unpackMessage(bytes);
 */
export function unpackMessage(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonEnd = SIZE_BYTES + view.getUint32(0, /* littleEndian= */ true);
  const message = JSON.parse(new TextDecoder().decode(bytes.subarray(SIZE_BYTES, jsonEnd)));
  return { message, blobs: bytes.subarray(jsonEnd) };
}
