// Reads the simplest picture format there is: PPM, a line of sizes and then bytes of red, green and blue.
// SPDX-License-Identifier: MIT
// @ts-check

const HEADER = /^P6\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+(\d+)\s/;
const MAX_PIXELS = 50e6;

/**
 * The picture; what a file that is still being written does not have yet stays transparent.
 * @param {Uint8Array} bytes
 * @returns {ImageData}
 * @example
 * context.putImageData(readPPM(await py.fs.readFile("/home/user/a.ppm")), 0, 0);
 */
export function readPPM(bytes) {
  const match = HEADER.exec(new TextDecoder("latin1").decode(bytes.subarray(0, 200)));
  if (!match) throw new Error("not a binary PPM file: it begins with 'P6 width height 255'");
  const [header, width, height, max] = [match[0], ...match.slice(1).map(Number)];
  if (Number(width) * Number(height) > MAX_PIXELS || max !== 255) {
    throw new Error(`a PPM file of ${width} x ${height} with values up to ${max} is not shown`);
  }
  const image = new ImageData(Number(width), Number(height));
  const start = String(header).length;
  const pixels = Math.min((bytes.length - start) / 3, image.width * image.height);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = start + pixel * 3;
    image.data.set(bytes.subarray(from, from + 3), pixel * 4);
    image.data[pixel * 4 + 3] = 255;
  }
  return image;
}
