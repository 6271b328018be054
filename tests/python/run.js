// Runs our own Python tests, whole programs and demos under Heddle or under native CPython.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/python/run.js [--oracle | --host=wasmtime] [--verbose] [--list] [pattern ...]
//
// A pattern is a part of a name: "lock", "programs/exit", "demos", "test_lock.py:WithTests".
// What follows a colon goes to unittest as the name of a class or a test.
//
// Three kinds of cases
//   test_*.py         unittest files, run through json_report.py; each test counts.
//   programs/*.py     whole programs whose exit code, stdout and stderr are declared in their head:
//                       # expect-exit: 3              exit code (0 if not given; 128 + n for signal n)
//                       # expect-stdout: a line       all lines of stdout, in order
//                       # expect-stdout-length: 12    length of stdout instead of its lines
//                       # expect-stdout-end: text     what stdout ends with
//                       # expect-stdout-count: 4 x.*  that many whole lines match (also -stderr-)
//                       # expect-stderr: regex        must match; without any, stderr must be empty
//                       # args: …   # stdin: …   # deadline-s: 30   # heddle-only: reason
//   demos/*/main.py   its stdout must be demos/*/expected.txt, its stderr empty.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { heddle, oracle, projectRoot, reportEvents, run, tail } from "./interpreters.js";

const here = join(projectRoot, "tests/python");
const FILE_DEADLINE_S = Number(process.env.HEDDLE_FILE_DEADLINE_S ?? 300);
const PROGRAM_DEADLINE_S = 60;

/** @typedef {{ name: string, outcome: string, detail?: string, seconds?: number }} Result */
/** @typedef {import("./interpreters.js").Interpreter} Interpreter */
/** @typedef {{ name: string, run: (interpreter: Interpreter) => Promise<Result[]> }} Case */

/** @param {string} folder @param {RegExp} pattern */
function filesIn(folder, pattern) {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
    : [];
}

/** @param {string} file @param {string[]} names @returns {Case} */
function unittestCase(file, names) {
  return {
    name: file,
    async run(interpreter) {
      const args = ["tests/python/json_report.py", `tests/python/${file}`, ...names];
      const outcome = await run(interpreter, args, { deadlineS: FILE_DEADLINE_S });
      const events = reportEvents(outcome.stdout);
      const results = events
        .filter((event) => event.event === "result")
        .map(({ id, outcome, detail, seconds }) => ({ name: id, outcome, detail, seconds }));
      if (!events.some((event) => event.event === "done")) {
        const ended = new Set(results.map((result) => result.name));
        const running = events.find((event) => event.event === "start" && !ended.has(event.id));
        const what = outcome.timedOut
          ? `no end within ${FILE_DEADLINE_S} s`
          : `died with exit code ${outcome.code}`;
        results.push({
          name: running ? running.id : file,
          outcome: "error",
          seconds: 0,
          detail: `${what}\nstderr:\n${outcome.stderr}\nstdout:\n${withoutEvents(outcome.stdout)}`,
        });
      } else if (results.length === 0) {
        results.push({
          name: file,
          outcome: "error",
          seconds: 0,
          detail: "it has no test of that name, or none at all",
        });
      }
      return results;
    },
  };
}

/** @param {string} stdout */
function withoutEvents(stdout) {
  return stdout
    .split("\n")
    .filter((line) => line && !line.startsWith("@heddle-test "))
    .join("\n");
}

/** @param {string} text the program @returns {Map<string, string[]>} what its head declares */
function declarations(text) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const line of text.split("\n")) {
    if (!line.startsWith("#")) break;
    const match = /^# ([a-z-]+):(?: (.*))?$/.exec(line);
    if (!match || match[1].startsWith("spdx")) continue;
    found.set(match[1], [...(found.get(match[1]) ?? []), match[2] ?? ""]);
  }
  return found;
}

/** @param {string} text words, quoted where they hold blanks */
function shellWords(text) {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]);
}

/**
 * What is wrong with an outcome, as lines; empty if nothing is.
 * @param {Map<string, string[]>} declared
 * @param {import("./interpreters.js").Outcome} outcome
 */
function faults(declared, outcome) {
  const faults = [];
  const expectedCode = Number(declared.get("expect-exit")?.[0] ?? 0);
  if (outcome.timedOut) faults.push("it did not end by its deadline");
  else if (outcome.code !== expectedCode) faults.push(`exit code ${outcome.code}, expected ${expectedCode}`);

  const length = declared.get("expect-stdout-length");
  const end = declared.get("expect-stdout-end");
  if (length && outcome.stdout.length !== Number(length[0])) {
    faults.push(`stdout has ${outcome.stdout.length} characters, expected ${length[0]}`);
  }
  if (end && !outcome.stdout.endsWith(end[0]))
    faults.push(`stdout does not end with ${JSON.stringify(end[0])}`);
  const counts = [
    ["stdout", outcome.stdout],
    ["stderr", outcome.stderr],
  ];
  for (const [stream, text] of counts) {
    for (const declaration of declared.get(`expect-${stream}-count`) ?? []) {
      const [, count, pattern] = /** @type {RegExpExecArray} */ (/^(\d+) (.*)$/.exec(declaration));
      const lines = text.split("\n").filter(Boolean);
      const matching = lines.filter((line) => new RegExp(`^(?:${pattern})$`).test(line)).length;
      if (matching !== Number(count) || lines.length !== matching) {
        faults.push(`${matching} of ${lines.length} lines of ${stream} match ${pattern}, expected ${count}`);
      }
    }
  }
  if (!length && !end && !declared.has("expect-stdout-count")) {
    const expected = (declared.get("expect-stdout") ?? []).map((line) => `${line}\n`).join("");
    if (outcome.stdout !== expected)
      faults.push(`stdout is not the expected\n${tail(expected || "(nothing)")}`);
  }
  const patterns = declared.get("expect-stderr") ?? [];
  for (const pattern of patterns) {
    if (!new RegExp(pattern).test(outcome.stderr)) faults.push(`stderr does not match /${pattern}/`);
  }
  if (patterns.length === 0 && outcome.stderr !== "") faults.push("stderr should be empty");
  return faults;
}

/** @param {string} file path below the project's root @param {Map<string, string[]>} declared @returns {Case} */
function programCase(file, declared) {
  return {
    name: relative("tests/python", file).replace(/^(\.\.\/)+/, ""),
    async run(interpreter) {
      const [reason] = declared.get("heddle-only") ?? [];
      if (reason !== undefined && interpreter.name !== "heddle") {
        return [{ name: file, outcome: "skip", detail: `holds under Heddle only: ${reason}` }];
      }
      const args = shellWords(declared.get("args")?.[0] ?? "");
      const stdin = (declared.get("stdin")?.[0] ?? "").replaceAll("\\n", "\n");
      const deadlineS = Number(declared.get("deadline-s")?.[0] ?? PROGRAM_DEADLINE_S);
      const outcome = await run(interpreter, [file, ...args], { deadlineS, stdin });
      const found = faults(declared, outcome);
      const detail = [
        ...found,
        `stdout:\n${tail(outcome.stdout.slice(-4000))}`,
        `stderr:\n${tail(outcome.stderr)}`,
      ];
      return [
        {
          name: file,
          seconds: outcome.seconds,
          outcome: found.length ? "fail" : "pass",
          detail: detail.join("\n"),
        },
      ];
    },
  };
}

/** @param {string[]} patterns @returns {Case[]} */
function allCases(patterns) {
  const cases = [];
  for (const file of filesIn(here, /^test_.*\.py$/)) {
    const names = patterns.filter((pattern) => pattern.includes(":") && file.includes(pattern.split(":")[0]));
    cases.push(
      unittestCase(
        file,
        names.map((pattern) => pattern.split(":")[1]),
      ),
    );
  }
  for (const name of filesIn(join(here, "programs"), /\.py$/)) {
    const file = `tests/python/programs/${name}`;
    cases.push(programCase(file, declarations(readFileSync(join(projectRoot, file), "utf8"))));
  }
  for (const name of filesIn(join(projectRoot, "demos"), /^\d\d-/)) {
    const expected = join(projectRoot, "demos", name, "expected.txt");
    if (!existsSync(expected)) continue;
    const lines = readFileSync(expected, "utf8").replace(/\n$/, "").split("\n");
    cases.push(programCase(`demos/${name}/main.py`, new Map([["expect-stdout", lines]])));
  }
  const matches = (/** @type {Case} */ { name }) =>
    patterns.length === 0 || patterns.some((pattern) => name.includes(pattern.split(":")[0]));
  return cases.filter(matches);
}

/**
 * Skipped results under their reasons; of many with one reason only the number is told.
 * @param {Result[]} skipped
 * @returns {[string, string[]][]}
 */
function byReason(skipped) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { name, detail = "" } of skipped) groups.set(detail, [...(groups.get(detail) ?? []), name]);
  return [...groups].map(([reason, names]) => [reason, names.length > 3 ? [`${names.length} tests`] : names]);
}

/** @param {string[]} argv */
async function main(argv) {
  const flags = new Set(argv.filter((arg) => arg.startsWith("--")));
  for (const flag of flags) {
    if (!["--oracle", "--host=wasmtime", "--verbose", "--list"].includes(flag)) {
      console.error(
        `run.js: unknown option ${flag}. Usage: node tests/python/run.js [--oracle | --host=wasmtime] [--verbose] [--list] [pattern ...]`,
      );
      return 2;
    }
  }
  const cases = allCases(argv.filter((arg) => !arg.startsWith("--")));
  if (cases.length === 0) {
    console.error("run.js: no test has such a name; --list shows them all.");
    return 2;
  }
  if (flags.has("--list")) {
    for (const { name } of cases) console.log(name);
    return 0;
  }
  const host = flags.has("--host=wasmtime") ? "wasmtime" : "node";
  const interpreter = flags.has("--oracle") ? oracle() : heddle(host);
  console.log(`# ${interpreter.name}: ${cases.length} files\n1..${cases.length}`);
  const total = { pass: 0, skip: 0, bad: 0 };
  for (const [index, { name, run }] of cases.entries()) {
    const started = performance.now();
    /** @type {Result[]} */
    let results;
    try {
      results = await run(interpreter);
    } catch (error) {
      results = [{ name, outcome: "error", detail: String(error) }];
    }
    const skipped = results.filter(({ outcome }) => outcome === "skip");
    const bad = results.filter(({ outcome }) => !["pass", "skip", "expected_failure"].includes(outcome));
    const passed = results.length - skipped.length - bad.length;
    total.pass += passed;
    total.skip += skipped.length;
    total.bad += bad.length;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const counts = [
      `${passed} passed`,
      skipped.length && `${skipped.length} skipped`,
      bad.length && `${bad.length} failed`,
    ];
    console.log(
      `${bad.length ? "not ok" : "ok"} ${index + 1} - ${name} # ${counts.filter(Boolean).join(", ")}, ${seconds} s`,
    );
    if (flags.has("--verbose")) {
      for (const result of results)
        console.log(`    ${result.outcome} ${result.name} (${(result.seconds ?? 0).toFixed(3)} s)`);
    }
    for (const [reason, names] of byReason(skipped)) console.log(`  # skip ${names.join(", ")}: ${reason}`);
    for (const result of bad)
      console.log(`  # ${result.outcome} ${result.name}\n${tail(result.detail ?? "", 60)}`);
  }
  console.log(`# ${total.pass} passed, ${total.skip} skipped, ${total.bad} failed`);
  return total.bad ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
