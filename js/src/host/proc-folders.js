// Folders that may not be mounted: those of procfs, and what holds one.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Its files are no files: /proc/PID/mem is a process's memory, this one's too, and /proc/PID/root all of the machine.

import fs from "node:fs";
import { sep } from "node:path";

/**
 * Whether a path is a folder's, or lies in it.
 * @param {string} path absolute, as the folder is
 * @param {string} folder
 * @example
 * isIn("/home/me", "/home"); // true
 */
export function isIn(path, folder) {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** Where procfs is mounted; nowhere but on Linux. @returns {string[]} */
function procFolders() {
  let table;
  try {
    table = fs.readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return [];
  }
  // proc(5): the mount point is the fifth field, the file system's type follows a lone dash.
  return table
    .split("\n")
    .filter((line) => / - proc /.test(line))
    .map((line) =>
      line.split(" ")[4].replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
    );
}

/**
 * The procfs that a folder is in, or that is in it.
 * @param {string} folder absolute, free of links
 * @returns {string | undefined} its path
 * @example
 * procFolderAt("/"); // "/proc"
 */
export function procFolderAt(folder) {
  return procFolders().find((proc) => isIn(proc, folder) || isIn(folder, proc));
}
