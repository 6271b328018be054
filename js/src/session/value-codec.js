// Copies values between JavaScript and Python, as JSON with tags for what JSON has no word for.
// SPDX-License-Identifier: MIT
// @ts-check
//
// JSON's own null, booleans, numbers, strings and arrays mean None, bool, int or float, str and
// list. Everything else is an object with one key, its tag:
//   {"n": "-1f"}        an int beyond 2**53, in hexadecimal
//   {"f": "nan"}        a float that JSON cannot write, as Python's float() reads it
//   {"b": [start, n]}   n bytes, at `start` in the bytes that follow the JSON
//   {"d": [k, v, ...]}  a dict: keys and values in turn
//   {"s": [item, ...]}  a set
//   {"r": [type, repr]} an object that is not copied (only from Python)
// heddle_session.py is the other end.

import { bytesOf, isBuffer } from "../bytes.js";
import { HeddleError, ValueCopyError } from "../errors.js";
import { MAX_DEPTH } from "../module/host-layout.js";
import { PyRepr } from "./py-repr.js";
import { listOf } from "./shapes.js";

/** @typedef {import("./protocol.js").EncodedValue} EncodedValue */

/** While Python takes a message, its 4 GiB hold the bytes three times. */
const MAX_BLOB_BYTES = 1_400_000_000;

/** As Python writes them. */
const SPECIAL_FLOATS = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/**
 * The JavaScript value for what Python sent. `blobs` are the bytes that followed the JSON.
 * @param {EncodedValue} encoded
 * @param {Uint8Array} blobs
 * @returns {any}
 * @example
 * decodeValue({ d: ["a", { n: "20000000000000" }] }, new Uint8Array()); // Map { "a" => 9007199254740992n }
 */
export function decodeValue(encoded, blobs) {
  return new ValueDecoder(blobs).decode(encoded);
}

/** Trusts nothing: programs can write replies themselves. What is not as Python writes it is a TypeError. */
class ValueDecoder {
  #blobs;
  /** Where the next blob begins: none is given out twice, so a reply never grows on its way. */
  #nextBlob = 0;

  /** @param {Uint8Array} blobs */
  constructor(blobs) {
    this.#blobs = blobs;
  }

  /**
   * @param {any} encoded
   * @param {number} [depth] the containers around it
   * @returns {any}
   */
  decode(encoded, depth = 0) {
    if (encoded === null) return undefined;
    if (typeof encoded !== "object") return encoded;
    if (depth > MAX_DEPTH) throw new TypeError(`heddle: decodeValue(): nested deeper than ${MAX_DEPTH}`);
    if (Array.isArray(encoded)) return this.#items(encoded, depth);
    const [tag, ...others] = Object.keys(encoded);
    const value = encoded[tag];
    switch (others.length === 0 ? tag : undefined) {
      case "n":
        return integer(text(value));
      case "f":
        return SPECIAL_FLOATS.get(value) ?? Number(text(value));
      case "b":
        return this.#bytes(listOf(value));
      case "d":
        return this.#dict(listOf(value), depth);
      case "s":
        return new Set(this.#items(listOf(value), depth));
      case "r":
        return new PyRepr(text(value?.[0]), text(value?.[1]));
      default:
        throw new TypeError(`heddle: decodeValue(): unknown tag ${JSON.stringify(tag)}`);
    }
  }

  /**
   * @param {any[]} items
   * @param {number} depth
   */
  #items(items, depth) {
    return items.map((item) => this.decode(item, depth + 1));
  }

  /**
   * @param {any[]} parts
   * @param {number} depth
   */
  #dict(parts, depth) {
    const map = new Map();
    for (let i = 0; i < parts.length; i += 2) {
      map.set(this.decode(parts[i], depth + 1), this.decode(parts[i + 1], depth + 1));
    }
    return map;
  }

  /** @param {any[]} place */
  #bytes([start, size]) {
    const end = start + size;
    const isNext = start === this.#nextBlob && Number.isSafeInteger(size) && size >= 0;
    if (!isNext || end > this.#blobs.length) {
      throw new TypeError("heddle: decodeValue(): bytes that are not the next ones");
    }
    this.#nextBlob = end;
    return this.#blobs.slice(start, end);
  }
}

/** @param {string} hexadecimal */
function integer(hexadecimal) {
  return hexadecimal.startsWith("-") ? -BigInt(`0x${hexadecimal.slice(1)}`) : BigInt(`0x${hexadecimal}`);
}

/** @param {unknown} value */
function text(value) {
  if (typeof value === "string") return value;
  throw new TypeError("heddle: decodeValue(): no text where there must be some");
}

/**
 * Writes JavaScript values for Python; bytes objects are collected in `blobs`.
 * @example
 * const encoder = new ValueEncoder();
 * const encoded = encoder.encode({ bytes: new Uint8Array([1, 2]) });
 * packMessage({ value: encoded }, encoder.blobs);
 */
export class ValueEncoder {
  /** @type {Uint8Array[]} */
  blobs = [];
  #blobBytes = 0;
  /** @type {Set<object>} the containers around the value at hand */
  #inside = new Set();

  /** Makes copies of the bytes, which until now share their memory with the caller's. */
  keepBytes() {
    this.blobs = this.blobs.map((bytes) => bytes.slice());
  }

  /**
   * @param {any} value
   * @param {string} [where] how the message of a ValueCopyError calls it
   * @returns {EncodedValue}
   */
  encode(value, where = "value") {
    switch (typeof value) {
      case "undefined":
        return null;
      case "boolean":
      case "string":
        return value;
      case "number":
        return encodeNumber(value);
      case "bigint":
        return { n: value.toString(16) };
      case "object":
        return value === null ? null : this.#encodeReadable(value, where);
      default:
        throw refusal(where, `a ${typeof value}`);
    }
  }

  /**
   * Getters and Proxies may throw, and buffers may have been transferred.
   * @param {any} value
   * @param {string} where
   * @returns {EncodedValue}
   */
  #encodeReadable(value, where) {
    try {
      return this.#encodeObject(value, where);
    } catch (cause) {
      if (cause instanceof HeddleError) throw cause;
      const reason = cause instanceof Error ? cause.message : "it threw what is no error";
      throw new ValueCopyError(`heddle: ${where} cannot be read: ${reason}. Pass a plain value.`, { cause });
    }
  }

  /**
   * @param {any} value
   * @param {string} where
   * @returns {EncodedValue}
   */
  #encodeObject(value, where) {
    if (ArrayBuffer.isView(value) || isBuffer(value)) return this.#encodeBytes(value, where);
    if (this.#inside.has(value)) throw refusal(where, "an object that contains itself");
    if (this.#inside.size >= MAX_DEPTH) throw refusal(where, `nested deeper than ${MAX_DEPTH}`);
    this.#inside.add(value);
    try {
      if (Array.isArray(value)) {
        return Array.from(value, (item, i) => this.encode(item, `${where}[${i}]`));
      }
      if (value instanceof Set) {
        return { s: Array.from(value, (item) => this.encode(item, `${where}'s item`)) };
      }
      if (value instanceof Map) return this.#encodeEntries(value, where);
      const prototype = Object.getPrototypeOf(value);
      if (prototype === null || Object.getPrototypeOf(prototype) === null) {
        return this.#encodeEntries(Object.entries(value), where);
      }
      throw refusal(where, `an object of class ${value.constructor?.name}`);
    } finally {
      this.#inside.delete(value);
    }
  }

  /**
   * @param {Iterable<[any, any]>} entries
   * @param {string} where
   */
  #encodeEntries(entries, where) {
    /** @type {EncodedValue[]} */
    const parts = [];
    for (const [key, value] of entries) {
      parts.push(this.encode(key, `${where}'s key`), this.encode(value, `${where}.${String(key)}`));
    }
    return { d: parts };
  }

  /**
   * @param {ArrayBufferView | ArrayBufferLike} value
   * @param {string} where
   */
  #encodeBytes(value, where) {
    const bytes = bytesOf(value);
    const start = this.#blobBytes;
    this.#blobBytes += bytes.length;
    if (this.#blobBytes > MAX_BLOB_BYTES) {
      throw new ValueCopyError(
        `heddle: ${where} makes ${this.#blobBytes} bytes to copy. Python has no room for them.`,
      );
    }
    this.blobs.push(bytes);
    return { b: [start, bytes.length] };
  }
}

/**
 * @param {number} value
 * @returns {EncodedValue}
 */
function encodeNumber(value) {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? { f: "-0.0" } : value;
  if (Number.isNaN(value)) return { f: "nan" };
  if (!Number.isFinite(value)) return { f: value > 0 ? "inf" : "-inf" };
  return Number.isInteger(value) ? { f: String(value) } : value;
}

/**
 * @param {string} where
 * @param {string} seen
 */
function refusal(where, seen) {
  return new ValueCopyError(
    `heddle: ${where} is ${seen}, which cannot be copied to Python. Pass null, booleans, numbers, ` +
      "BigInts, strings, Uint8Arrays, Arrays, Maps, Sets or plain objects.",
  );
}
