// The errors that the package rejects with.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * The class of all errors of this package: `name` is its subclass's own, `cause` is what led to it.
 * @example
 * try { await py.run("1/0"); } catch (error) { if (error instanceof HeddleError) console.log(error.name); }
 */
export class HeddleError extends Error {
  /**
   * @param {string} message
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * A call was given what it does not take: an option of a wrong type or name, say. Nothing has been done.
 * @example
 * await loadPython({ args: "-v" }).catch((error) => console.log(error.message)); // … args is a string. Give an array.
 */
export class OptionError extends HeddleError {}

/**
 * Python code raised an exception that it did not catch.
 * @example
 * try { await py.run("int('x')"); } catch (error) { console.log(error.type, error.traceback); }
 */
export class PythonError extends HeddleError {
  /** @param {import("./session/protocol.js").ErrorDescription & {code?: unknown}} description */
  constructor(description) {
    super(description.message);
    this.name = "PythonError";
    /** The exception's type, with its module if that is neither builtins nor __main__. @type {string} */
    this.type = description.type;
    /** What Python would have printed. @type {string} */
    this.traceback = description.traceback;
    /** Where it came from, outermost call first. @type {import("./session/protocol.js").Frame[]} */
    this.frames = description.frames;
    /** For SystemExit, its code, copied to JavaScript. @type {unknown} */
    this.code = description.code;
    this.showCaller(this);
  }

  /**
   * Makes `stack` show the Python traceback, then the JavaScript calls that led to `site`.
   * @param {Error} site
   */
  showCaller(site) {
    const calls = (site.stack ?? "").split("\n").filter((line) => /^\s+at |@/.test(line));
    const heading = `PythonError: ${this.type}${this.message && `: ${this.message}`}`;
    this.stack = [heading, this.traceback.trimEnd(), ...calls].join("\n");
  }
}

/**
 * Python could not be started.
 * @example
 * await loadPython({ indexURL: "/nowhere/" }).catch((error) => console.log(error.name, error.cause));
 */
export class LoadError extends HeddleError {}

/**
 * One of the build's files is not there, or cannot be read.
 * @param {string | URL} url
 * @param {string} reason
 * @param {unknown} [cause]
 * @example
 * throw unreadableFile("https://example.org/dist/python.wasm", "the server answers 404");
 */
export function unreadableFile(url, reason, cause) {
  return new LoadError(
    `heddle: loadPython(): cannot load ${url}: ${reason}. ` +
      "indexURL must name the folder with python.mjs, python.wasm and the stdlib archives.",
    { cause },
  );
}

/**
 * python.wasm is there, but does not compile.
 * @param {URL} url
 * @param {unknown} cause
 * @example
 * await WebAssembly.compile(bytes).catch((error) => { throw brokenModule(url, error); });
 */
export function brokenModule(url, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LoadError(
    `heddle: loadPython(): ${url} is no whole WebAssembly module: ${reason}. ` +
      "It may be cut short: build or upload it again.",
    { cause },
  );
}

/**
 * This page or program cannot run Python with threads at all; the message says what it lacks.
 * @example
 * await loadPython().catch((error) => { if (error instanceof UnsupportedHostError) show(error.message); });
 */
export class UnsupportedHostError extends HeddleError {}

/**
 * The Python object was used after close(), or after a run was given up or Python ended by itself;
 * then `cause` is the UnresponsiveError or the PythonExitError.
 * @example
 * await py.close();
 * await py.run("1").catch((error) => console.log(error.name)); // ClosedError
 */
export class ClosedError extends HeddleError {
  /**
   * @param {string} method what was called
   * @param {Error} [cause]
   */
  constructor(method, cause) {
    super(
      `heddle: ${method}: this Python ${fate(cause)}. Call loadPython() for a new one.`,
      cause && { cause },
    );
    this.name = "ClosedError";
  }
}

/** @param {Error | undefined} cause of a ClosedError */
function fate(cause) {
  if (!cause) return "was closed by close()";
  if (cause instanceof PythonExitError) return `has ended: ${cause.reason}`;
  return "was closed after a run that did not stop";
}

/**
 * Python ended by itself (os._exit(), a fatal error) while it was still needed: what the run rejects
 * with, and the `cause` of the ClosedErrors of later calls.
 * @example
 * await py.run("import os; os._exit(3)").catch((error) => console.log(error.exitCode)); // 3
 */
export class PythonExitError extends HeddleError {
  /**
   * @param {number} exitCode
   * @param {string} reason what was seen
   * @param {{cause?: unknown}} [options]
   */
  constructor(exitCode, reason, options) {
    super(`heddle: Python ended: ${reason}. Call loadPython() for a new one.`, options);
    this.name = "PythonExitError";
    this.exitCode = exitCode;
    /** What was seen. @type {string} */
    this.reason = reason;
  }
}

/**
 * run() took longer than its `timeout`, and was interrupted. It is the `cause` of the PythonError
 * (KeyboardInterrupt) that ended the run.
 * @example
 * await py.run("while True: pass", { timeout: 100 }).catch((error) => console.log(error.cause.name));
 */
export class TimeoutError extends HeddleError {}

/**
 * A run was interrupted, went on for longer than the grace it had, and was given up: its Python is
 * closed, its variables and threads are gone. `cause` is why it was interrupted, if run() was told
 * so (a TimeoutError, the reason of an AbortSignal).
 * @example
 * const stubborn = "while True:\n  try:\n    while True: pass\n  except BaseException: pass";
 * await py.run(stubborn, { timeout: 100, grace: 500 }).catch((error) => console.log(error.name));
 */
export class UnresponsiveError extends HeddleError {
  /**
   * @param {number} graceMs
   * @param {import("./session/protocol.js").Frame[]} frames where the main thread was, outermost call first
   * @param {{cause?: unknown}} [options]
   */
  constructor(graceMs, frames, options) {
    const last = frames.at(-1);
    const place = last ? `, in ${last.filename}, line ${last.line}` : "";
    super(
      `heddle: run(): the code went on for ${graceMs} ms after it was interrupted${place}. ` +
        "It was given up and this Python closed. Call loadPython() for a new one.",
      options,
    );
    this.name = "UnresponsiveError";
    this.frames = frames;
  }
}

/**
 * A file operation of py.fs failed.
 * @example
 * await py.fs.readFile("/nothing").catch((error) => console.log(error.code, error.path)); // ENOENT /nothing
 */
export class FileError extends HeddleError {
  /**
   * @param {string} operation
   * @param {string} path
   * @param {string} code "ENOENT" and kin
   * @param {string} meaning
   */
  constructor(operation, path, code, meaning) {
    super(`heddle: fs.${operation}(${JSON.stringify(path)}): ${code}: ${meaning}`);
    this.name = "FileError";
    this.operation = operation;
    this.path = path;
    this.code = code;
  }
}

/**
 * Python's memory has no room for what it was to be given. Python goes on. (What Python itself has no room
 * for is a PythonError, a MemoryError.)
 * @example
 * await py.run("n = len(b)", { globals: { b } }).catch((error) => console.log(error.name));
 */
export class OutOfMemoryError extends HeddleError {
  /** @param {number} size bytes */
  constructor(size) {
    super(
      `heddle: Python has no memory left for ${size} bytes. Pass less, let Python free some of its objects, ` +
        "or call close() and loadPython().",
    );
    this.name = "OutOfMemoryError";
  }
}

/**
 * A value cannot be copied: a JavaScript value has no counterpart in Python, or JavaScript has no room for
 * the result of a run.
 * @example
 * await py.run("f()", { globals: { f: () => 1 } }).catch((error) => console.log(error.name));
 */
export class ValueCopyError extends HeddleError {}

/**
 * A run ended, but its reply cannot be read.
 * @param {number} size bytes
 * @param {unknown} cause
 * @example
 * try { decode(reply); } catch (error) { throw unreadableReply(reply.length, error); }
 */
export function unreadableReply(size, cause) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ValueCopyError(
    `heddle: run(): the result cannot be copied to JavaScript (${size} bytes): ${reason}. ` +
      "Return less, or write it to a file for py.fs.readFile().",
    { cause },
  );
}
