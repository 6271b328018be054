// What CPython's tests are expected to give, by test and host, and what of a run is not so.
// SPDX-License-Identifier: MIT
// @ts-check
//
// A list is a file: { about, expectations: { ID_OR_PATTERN: Entry }, skips?: { PATTERN: reason } }. The exact
// id wins over patterns, and earlier patterns win over later ones. What is not listed has to pass, or to be
// skipped with a text that fits a pattern of `skips`. "hosts": { "chromium": { outcome, reason } } in an entry
// is what holds on that host instead; there the outcome may be "pass". An entry of nothing but hosts says
// nothing about the others. "mayPass": true marks a test that passes or not as a race of its own ends.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { tail } from "../python/interpreters.js";

/**
 * @typedef {{ outcome: string, reason: string, native?: boolean, says?: string, mayPass?: boolean }} Expectation
 * @typedef {Partial<Expectation> & { hosts?: Record<string, Expectation> }} Entry
 * @typedef {{ about: string, modules?: Record<string, import("./runners.js").ModuleOptions>,
 *   skips?: Record<string, string>, expectations: Record<string, Entry> }} List
 * @typedef {import("./runners.js").ModuleRun} ModuleRun
 */

/** Outcomes that need no entry. CPython's own expected failures are its own business. */
export const GOOD = new Set(["pass", "expected_failure"]);

/** @param {string} file @returns {List} */
export const readList = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Writes the list with its entries in their order. @param {string} file @param {List} list */
export function writeList(file, list) {
  const sorted = Object.entries(list.expectations).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...list, expectations: Object.fromEntries(sorted) }, null, 2)}\n`);
}

/** @type {Map<string, RegExp>} made once: there are hundreds of patterns, and 40,000 tests */
const expressions = new Map();

/** @param {string} pattern @param {string} text */
function fits(pattern, text) {
  let expression = expressions.get(pattern);
  if (!expression) {
    const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    expression = new RegExp(`^${escaped.join(".*")}$`, "s");
    expressions.set(pattern, expression);
  }
  return expression.test(text);
}

/** The key of the entry that speaks about a test. @param {Record<string, Expectation>} entries @param {string} id */
export function keyFor(entries, id) {
  if (Object.hasOwn(entries, id)) return id;
  return Object.keys(entries).find((key) => key.includes("*") && fits(key, id));
}

/** @param {string} key @param {string} module */
export function belongs(key, module) {
  return (
    key === module ||
    key.startsWith(`${module}.`) ||
    (key.includes("*") && fits(key.slice(0, key.indexOf("*") + 1), `${module}.`))
  );
}

/**
 * The entries that speak about a host, as they hold there.
 * @param {Record<string, Entry>} entries @param {string} host
 * @returns {Record<string, Expectation>}
 */
export function entriesFor(entries, host) {
  /** @type {Record<string, Expectation>} */
  const resolved = {};
  for (const [key, { hosts, ...entry }] of Object.entries(entries)) {
    const { outcome, reason = "", ...more } = { ...entry, ...hosts?.[host] };
    if (outcome) resolved[key] = { outcome, reason, ...more };
  }
  return resolved;
}

/**
 * Whether a test was skipped with a text that has its reason.
 * @param {Record<string, string>} skips @param {string} says
 */
export function skipHasReason(skips, says) {
  return Object.keys(skips).some((pattern) => fits(pattern, says));
}

/**
 * What in a module's run is not as listed, as lines.
 * @param {ModuleRun} moduleRun @param {Record<string, Expectation>} entries @param {Record<string, string>} skips
 * @param {Set<string>} used is given the keys that spoke
 */
export function surprises({ results }, entries, skips, used) {
  const lines = [];
  for (const { id, outcome, detail } of results) {
    const key = keyFor(entries, id);
    if (key) used.add(key);
    const listed = key ? entries[key] : undefined;
    if (GOOD.has(outcome)) {
      if (listed && listed.outcome !== "pass" && !listed.mayPass)
        lines.push(`unexpected success: ${id} is listed as ${listed.outcome} (by "${key}"); update the list`);
    } else if (listed?.outcome !== outcome) {
      if (outcome === "skip" && !listed && skipHasReason(skips, detail)) continue;
      const before = listed ? `listed as ${listed.outcome}, but` : "not listed";
      lines.push(`${before}: ${outcome} ${id}\n${tail(detail, 30)}`);
    }
  }
  return lines;
}

/**
 * @param {string} file of the list, for the messages
 * @param {Record<string, Expectation>} entries as they hold on the host
 * @param {string[]} modules all that the list may speak about
 * @param {string[]} chosen names of the modules that this run is about
 */
export function faultsOfList(file, entries, modules, chosen) {
  const lines = [];
  for (const [key, { outcome, reason }] of Object.entries(entries)) {
    const owner = modules.find((module) => belongs(key, module));
    if (owner && !chosen.includes(owner)) continue;
    if (!["skip", "fail", "error", "pass"].includes(outcome))
      lines.push(`"${key}": outcome ${JSON.stringify(outcome)} is none of skip, fail, error, pass`);
    if (!reason || reason === "TODO") lines.push(`"${key}": has no reason yet`);
    if (!owner) lines.push(`"${key}": belongs to no module`);
  }
  return lines.map((line) => `${basename(file)}: ${line}`);
}

/**
 * Results by the key of the entry that speaks about them; "" for those without.
 * @template {{ id: string }} T
 * @param {Record<string, Expectation>} entries @param {T[]} results
 */
function byKey(entries, results) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const result of results) {
    const key = keyFor(entries, result.id) ?? "";
    const group = groups.get(key);
    if (group) group.push(result);
    else groups.set(key, [result]);
  }
  return groups;
}

/** What a test says of itself. @param {string} outcome @param {string} detail */
const says = (outcome, detail) => (outcome === "skip" ? detail : detail.trim().split("\n").at(-1)) ?? "";

/**
 * Makes the list say what these runs gave on the host it is written for: reasons and what holds on other hosts
 * are kept, new entries say TODO.
 * @param {List} list @param {ModuleRun[]} runs
 */
export function update(list, runs) {
  const entries = entriesFor(list.expectations, "node");
  const ran = runs.filter(({ trouble }) => !trouble);
  const all = ran.flatMap(({ results }) => results);
  /** @type {Record<string, Expectation>} */
  const kept = {};
  const groups = byKey(entries, all);
  /** Patterns that no longer hold for all their tests; their reason goes to the single tests. */
  for (const [key, entry] of Object.entries(entries)) {
    const ofOtherModules = !ran.some(({ module }) => belongs(key, module));
    const mine = groups.get(key) ?? [];
    const holds = (/** @type {{ outcome: string }} */ { outcome }) =>
      outcome === entry.outcome || (entry.mayPass && GOOD.has(outcome));
    if (ofOtherModules || (mine.length > 0 && mine.every(holds))) kept[key] = entry;
  }
  for (const { id, outcome, detail } of all) {
    if (GOOD.has(outcome) || keyFor(kept, id)) continue;
    if (outcome === "skip" && skipHasReason(list.skips ?? {}, detail)) continue;
    const former = entries[keyFor(entries, id) ?? ""];
    kept[id] =
      former?.outcome === outcome ? former : { outcome, reason: "TODO", says: says(outcome, detail) };
  }
  /** @type {Record<string, Entry>} */
  const described = { ...kept };
  for (const [key, { hosts }] of Object.entries(list.expectations))
    if (hosts) described[key] = { ...kept[key], hosts };
  list.expectations = described;
}

/**
 * Writes down what another host gives where its entries say something else; new reasons say TODO.
 * @param {List} list @param {string} host @param {ModuleRun[]} runs
 */
export function updateHost(list, host, runs) {
  const entries = list.expectations;
  const resolved = entriesFor(entries, host);
  for (const { id, outcome, detail } of runs.flatMap(({ results }) => results)) {
    const seen = GOOD.has(outcome) ? "pass" : outcome;
    if ((resolved[keyFor(resolved, id) ?? ""]?.outcome ?? "pass") === seen) continue;
    if (outcome === "skip" && skipHasReason(list.skips ?? {}, detail)) continue;
    const text = says(outcome, detail);
    const entry = (entries[id] ??= {});
    entry.hosts = { ...entry.hosts, [host]: { outcome: seen, reason: "TODO", ...(text && { says: text }) } };
  }
}

/** Marks the entries that a native run shares. @param {List} list @param {ModuleRun[]} runs */
export function markNative(list, runs) {
  const entries = entriesFor(list.expectations, "node");
  const groups = byKey(
    entries,
    runs.flatMap(({ results }) => results),
  );
  for (const key of Object.keys(entries)) {
    const entry = list.expectations[key];
    if (!runs.some(({ module }) => belongs(key, module))) continue;
    const mine = groups.get(key) ?? [];
    delete entry.native;
    if (mine.length > 0 && mine.every(({ outcome }) => outcome === entry.outcome)) entry.native = true;
  }
}
