// The types of the functions in a wasm module's table.
// SPDX-License-Identifier: MIT
// @ts-check

const VALUES = new Map([
  [0x7f, "i"],
  [0x7e, "j"],
  [0x7d, "f"],
  [0x7c, "d"],
  [0x7b, "x"],
]);
const SECTION = { type: 1, import: 2, function: 3, element: 9 };
const KIND = { function: 0, table: 1, memory: 2, global: 3 };

/**
 * By index in the first table: "i(ij)" takes an i32 and an i64, and gives an i32; "v()" takes and gives nothing.
 * @param {Uint8Array} bytes a module whose tables are filled from constant offsets
 * @returns {Map<number, string>}
 * @example
 * tableTypes(readFileSync("python.wasm")).get(1); // "v(i)"
 */
export function tableTypes(bytes) {
  let at = 8;
  const byte = () => bytes[at++];
  function number() {
    let value = 0;
    for (let shift = 0, part = 0x80; part & 0x80; shift += 7) {
      part = byte();
      value += (part & 0x7f) * 2 ** shift;
    }
    return value;
  }
  /** @template T @param {() => T} read */
  const vector = (read) => Array.from({ length: number() }, read);
  const skipName = () => {
    const size = number();
    at += size;
  };
  const value = () => VALUES.get(byte()) ?? "?";
  function skipLimits() {
    const flags = byte();
    number();
    if (flags & 1) number();
  }

  /** @type {string[]} */
  let types = [];
  /** @type {number[]} the type of each function, imported ones first */
  const functions = [];
  /** @type {Map<number, string>} */
  const table = new Map();
  /** @type {[id: number, start: number, end: number][]} */
  const sections = [];
  while (at < bytes.length) {
    const id = byte();
    const size = number();
    sections.push([id, at, at + size]);
    at += size;
  }
  for (const [id, start] of sections) {
    at = start;
    if (id === SECTION.type) {
      types = vector(() => {
        byte(); // 0x60: a function
        const takes = vector(value).join("");
        return `${vector(value).join("") || "v"}(${takes})`;
      });
    } else if (id === SECTION.import) {
      vector(() => {
        skipName();
        skipName();
        const kind = byte();
        if (kind === KIND.function) functions.push(number());
        else if (kind === KIND.table) {
          byte();
          skipLimits();
        } else if (kind === KIND.memory) skipLimits();
        else if (kind === KIND.global) at += 2;
        else throw new Error(`an import of kind ${kind}`);
      });
    } else if (id === SECTION.function) {
      functions.push(...vector(number));
    } else if (id === SECTION.element) {
      vector(() => {
        const flags = number();
        if (flags !== 0) throw new Error(`elements with flags ${flags}`);
        if (byte() !== 0x41) throw new Error("elements at an offset that is no constant");
        let index = number();
        byte(); // the offset's end
        for (const entry of vector(number)) table.set(index++, types[functions[entry]]);
      });
    }
  }
  return table;
}
