// Sharing by link: the program travels, compressed, in the part of the address that no server sees.
// SPDX-License-Identifier: MIT
// @ts-check

const PREFIX = "#code=";

/**
 * @param {string} code
 * @param {string} page the page's address
 * @returns {Promise<string>} its link
 * @example
 * const link = await linkFor("print(1)", location.href);
 */
export async function linkFor(code, page) {
  const packed = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(code));
  const base64 = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  const link = new URL(page);
  link.hash = PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return link.href;
}

/**
 * @param {string} hash location.hash
 * @returns {Promise<string | undefined>} the program, if the address carries one
 * @throws {Error} when the link is damaged
 * @example
 * const code = await codeIn(location.hash);
 */
export async function codeIn(hash) {
  if (!hash.startsWith(PREFIX)) return undefined;
  try {
    const base64 = hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), packed));
  } catch (cause) {
    throw new Error("This link is not whole: the program in it cannot be read. Ask for it again.", { cause });
  }
}

/**
 * @param {CompressionStream | DecompressionStream} stream
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
