// The memory of a process and all that it has started, as Linux tells it.
// SPDX-License-Identifier: MIT
// @ts-check

import { readdirSync, readFileSync } from "node:fs";

/**
 * In MiB; memory that several of them share counts once.
 * @param {number} pid
 */
export function treeMemory(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync("/proc").filter((it) => /^\d+$/.test(it))) {
    // "pid (name) state ppid ...", and the name may hold anything
    const parent = Number(
      read(`/proc/${name}/stat`)
        .replace(/^.*\) \S /s, "")
        .split(" ")[0],
    );
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  /** @param {number} root @returns {number} */
  const sum = (root) =>
    ownMemory(root) + (children.get(root) ?? []).reduce((total, child) => total + sum(child), 0);
  return sum(pid);
}

/** @param {number} pid */
function ownMemory(pid) {
  const kib = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kib ?? 0) / 1024;
}

/** @param {string} path "" if the process has ended */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
