// The command line of `heddle`: what is Python's, what is ours, and which paths it names.
// SPDX-License-Identifier: MIT
// @ts-check

/** A mistake on the command line: the message is printed, and the exit code is 2. */
export class UsageError extends Error {}

/**
 * @typedef {object} CommandLine
 * @property {"python" | "help" | "serve" | "verify"} action
 * @property {string[]} pythonArgs all that CPython itself parses: its options, the program, its arguments
 * @property {boolean} hostFiles whether folders are mounted that no --mount names
 * @property {string[]} mounts the values of --mount, FOLDER or FOLDER:PATH
 * @property {"node" | "wasmtime"} host
 * @property {boolean} hostEnvironment
 * @property {string[]} sandbox limits, as wasmtime's host has them
 * @property {"command" | "module" | "file" | "stdin"} source where the program comes from
 * @property {string | undefined} script the file that is run
 * @property {string[]} programArgs what the program gets as sys.argv[1:]
 */

// python3.13's one-letter options; those of the second kind take a value, in the same word or the next.
const FLAGS = new Set("bBdEhiIOPqRsSuvVx?");
const WITH_VALUE = new Set("WX");
// These take a value and end the options: what follows is the program's.
const PROGRAM = new Map([
  ["c", /** @type {const} */ ("command")],
  ["m", /** @type {const} */ ("module")],
]);
const LONG_WITH_VALUE = new Set(["--check-hash-based-pycs"]);
// Options of wasmtime's host, which it checks.
const SANDBOX = new Set(["--max-memory", "--max-threads", "--timeout"]);
const LONG = new Set(["--version", "--help-all", "--help-env", "--help-xoptions"]);

/**
 * Scans the command line as python does: options end at the program.
 * @param {string[]} argv without the name of the command
 * @returns {CommandLine}
 * @example
 * parseArguments(["--no-host-files", "-u", "main.py", "x"]).pythonArgs; // ["-u", "main.py", "x"]
 */
export function parseArguments(argv) {
  const line = scan(argv);
  if (line.host === "node" && (line.sandbox.length > 0 || !line.hostEnvironment)) {
    const option = line.sandbox[0] ?? "--no-host-env";
    throw new UsageError(`${option} needs --host=wasmtime: Node cannot hold a program to it.`);
  }
  return line;
}

/**
 * @param {string[]} argv
 * @returns {CommandLine}
 */
function scan(argv) {
  /** @type {CommandLine} */
  const line = {
    action: "python",
    pythonArgs: [],
    hostFiles: true,
    mounts: [],
    host: "node",
    hostEnvironment: true,
    sandbox: [],
    source: "stdin",
    script: undefined,
    programArgs: [],
  };
  if (argv[0] === "serve" || argv[0] === "verify")
    return { ...line, action: argv[0], programArgs: argv.slice(1) };

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === "-" || !word.startsWith("-")) return withProgram(line, argv, i);
    if (word === "--") {
      line.pythonArgs.push(word);
      return i + 1 < argv.length ? withProgram(line, argv, i + 1) : line;
    }
    if (word.startsWith("--")) {
      if (word === "--mount") {
        line.mounts.push(valueOf(word, argv[++i]));
        continue;
      }
      if (takeOwnOption(line, word)) continue;
      line.pythonArgs.push(word);
      if (LONG_WITH_VALUE.has(word)) line.pythonArgs.push(valueOf(word, argv[++i]));
      continue;
    }
    const letters = scanLetters(word);
    if (letters.help) line.action = "help";
    line.pythonArgs.push(word);
    if (letters.valueMissing) line.pythonArgs.push(valueOf(`-${letters.option}`, argv[++i]));
    const source = PROGRAM.get(letters.option ?? "");
    if (source) {
      line.source = source;
      line.programArgs = argv.slice(i + 1);
      line.pythonArgs.push(...line.programArgs);
      return line;
    }
  }
  return line;
}

/**
 * @param {CommandLine} line
 * @param {string[]} argv
 * @param {number} start where the program is named
 */
function withProgram(line, argv, start) {
  const program = argv[start];
  if (program !== "-") {
    line.source = "file";
    line.script = program;
  }
  line.programArgs = argv.slice(start + 1);
  line.pythonArgs.push(...argv.slice(start));
  return line;
}

/**
 * @param {CommandLine} line
 * @param {string} word
 * @returns {boolean} whether it was one of ours
 */
function takeOwnOption(line, word) {
  if (word === "--help") {
    line.action = "help";
  } else if (word === "--no-host-files") {
    line.hostFiles = false;
  } else if (word.startsWith("--mount=")) {
    line.mounts.push(word.slice("--mount=".length));
  } else if (word === "--no-host-env") {
    line.hostEnvironment = false;
  } else if (word === "--no-clock" || SANDBOX.has(word.split("=", 1)[0])) {
    line.sandbox.push(word);
  } else if (word.startsWith("--host=")) {
    const host = word.slice("--host=".length);
    if (host !== "node" && host !== "wasmtime") {
      throw new UsageError(`--host=${host}: no such host. Use --host=node or --host=wasmtime.`);
    }
    line.host = host;
  } else {
    const name = word.split("=", 1)[0];
    if (!LONG.has(name) && !LONG_WITH_VALUE.has(name)) {
      throw new UsageError(`unknown option ${word}. Try 'heddle -h'.`);
    }
    return false;
  }
  return true;
}

/**
 * The letters of a word such as -Bu or -Wdefault, up to an option with a value.
 * @param {string} word
 */
function scanLetters(word) {
  let help = false;
  for (let at = 1; at < word.length; at++) {
    const option = word[at];
    if (WITH_VALUE.has(option) || PROGRAM.has(option)) {
      return { help, option, valueMissing: at + 1 === word.length };
    }
    if (!FLAGS.has(option)) throw new UsageError(`unknown option -${option}. Try 'heddle -h'.`);
    help ||= option === "h" || option === "?";
  }
  return { help, option: undefined, valueMissing: false };
}

/**
 * @param {string} option
 * @param {string | undefined} value
 */
function valueOf(option, value) {
  if (value === undefined)
    throw new UsageError(`argument expected for the ${option} option. Try 'heddle -h'.`);
  return value;
}
