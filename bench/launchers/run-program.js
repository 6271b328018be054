// Runs a program as a session's first code, right after loading: the same in Node and in a page.
// SPDX-License-Identifier: MIT
// @ts-check

/** Where the project's folder appears to be in an interpreter with files of its own. */
export const HOME = "/bench";

/**
 * A program and what it needs, with paths relative to the project's folder.
 * @typedef {object} Bundle
 * @property {string} main
 * @property {string[]} args
 * @property {Record<string, Uint8Array>} files with `main`
 *
 * @typedef {{stdout: (text: string) => void, stderr: (text: string) => void}} Printer
 *
 * Loads an interpreter, with these files below HOME; resolves once it can run code.
 * @callback Open
 * @param {Record<string, Uint8Array>} files
 * @param {Printer} printer
 * @returns {Promise<{run: (code: string, filename: string) => Promise<unknown>}>}
 */

/**
 * Resolves with the exit code once the program has ended; a traceback goes to stderr.
 * @param {Open} open
 * @param {Bundle} bundle
 * @param {Printer} printer
 */
export async function runProgram(open, { main, args, files }, printer) {
  const session = await open(files, printer);
  const folder = main.slice(0, main.lastIndexOf("/"));
  const surroundings =
    `import os, sys; os.chdir("${HOME}"); sys.path.insert(0, "${HOME}/${folder}"); ` +
    `sys.argv = ${JSON.stringify([main, ...args])}`;
  try {
    await session.run(surroundings, "<launcher>");
    await session.run(new TextDecoder().decode(files[main]), `${HOME}/${main}`);
    return 0;
  } catch (error) {
    printer.stderr(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}
