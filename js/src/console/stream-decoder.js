// Turns chunks of output bytes into text; characters cut between two chunks survive.
// SPDX-License-Identifier: MIT
// @ts-check

import { Threads } from "../module/host-layout.js";

// More than can be in the middle of a character at once, unless threads have ended there, or never were.
const MOST_UNFINISHED = 2 * Threads.mostLimit;

/**
 * One UTF-8 decoder for each stream and thread, since several threads may each be in the middle of
 * a character.
 * @example
 * const decoder = new StreamDecoder();
 * decoder.decode(1, 7, new Uint8Array([0xc3])); // ""
 * decoder.decode(1, 7, new Uint8Array([0xa9])); // "é"
 */
export class StreamDecoder {
  /** @type {Map<string, TextDecoder>} only those in the middle of a character */
  #unfinished = new Map();
  #whole = new TextDecoder("utf-8", { ignoreBOM: true });

  /**
   * @param {number} stream
   * @param {number} thread
   * @param {Uint8Array} bytes not shared with other threads
   * @returns {string}
   */
  decode(stream, thread, bytes) {
    const key = `${stream}:${thread}`;
    let decoder = this.#unfinished.get(key);
    if (!decoder && endsWithWholeCharacter(bytes)) return this.#whole.decode(bytes);
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    const text = decoder.decode(bytes, { stream: true });
    if (endsWithWholeCharacter(bytes)) this.#unfinished.delete(key);
    else this.#keep(key, decoder);
    return text;
  }

  /**
   * @param {string} key
   * @param {TextDecoder} decoder
   */
  #keep(key, decoder) {
    this.#unfinished.set(key, decoder);
    if (this.#unfinished.size <= MOST_UNFINISHED) return;
    const [oldest] = this.#unfinished.keys();
    this.#unfinished.delete(oldest);
  }
}

/**
 * Whether no character is cut at the end; a malformed end counts as whole.
 * @param {Uint8Array} bytes
 */
function endsWithWholeCharacter(bytes) {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return true;
    if (byte >= 0xc0) return back >= (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  // Continuation bytes only: too many of them are malformed, few end a character begun earlier,
  // which may need more.
  return bytes.length >= 4;
}
