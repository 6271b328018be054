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
 * What JSON may come to as JavaScript's objects. An engine whose heap is full ends the whole process, or the page: an
 * error must come before that.
 */
const MAX_HEAP_BYTES = 2 ** 30;
/** What each container, and each further item of one, comes to: before and after it is decoded, together. */
const HEAP_BYTES_OF = new Map([
  [codeOf("["), 150],
  [codeOf("{"), 150],
  [codeOf(","), 32],
]);
const QUOTE = codeOf('"');
const BACKSLASH = codeOf("\\");
/** JSON as short as this is never too much. */
const SHORT_JSON_BYTES = 2 ** 22;

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
  const json = bytes.subarray(SIZE_BYTES, jsonEnd);
  checkHeapFor(json);
  return { message: JSON.parse(new TextDecoder().decode(json)), blobs: bytes.subarray(jsonEnd) };
}

/**
 * Throws a RangeError for JSON of too many values, whatever their size.
 * @param {Uint8Array} json
 */
function checkHeapFor(json) {
  if (json.length <= SHORT_JSON_BYTES) return;
  let cost = 0;
  for (let at = 0; at < json.length; at++) {
    if (json[at] === QUOTE) at = endOfString(json, at);
    else cost += HEAP_BYTES_OF.get(json[at]) ?? 0;
    if (cost > MAX_HEAP_BYTES) throw new RangeError("it has too many values");
  }
}

/**
 * @param {Uint8Array} json
 * @param {number} start of the string, its quote
 * @returns {number} where its other quote is, or the end
 */
function endOfString(json, start) {
  for (let at = start; ;) {
    at = json.indexOf(QUOTE, at + 1);
    if (at < 0) return json.length;
    let before = at;
    while (json[before - 1] === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
}

/** @param {string} character */
function codeOf(character) {
  return character.charCodeAt(0);
}
