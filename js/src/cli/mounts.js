// The host's folders that a program may see: the current one, and those that its command line names.
// SPDX-License-Identifier: MIT
// @ts-check

import { statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";

/**
 * The folders to mount at their own paths, none inside another. The root is never among them.
 * @param {import("./arguments.js").CommandLine} line
 * @param {string} currentFolder
 * @returns {string[]}
 * @example
 * foldersToMount(parseArguments(["/data/run.py", "/etc/hosts"]), "/home/me"); // ["/data", "/etc", "/home/me"]
 */
export function foldersToMount(line, currentFolder) {
  if (!line.hostFiles) return [];
  const folders = new Set([currentFolder]);
  const named = line.script === undefined ? line.programArgs : [line.script, ...line.programArgs];
  for (const word of named) {
    const folder = folderOf(resolve(currentFolder, word));
    if (folder !== undefined) folders.add(folder);
  }
  folders.delete("/");
  const all = [...folders].sort();
  return all.filter((folder) => !all.some((other) => other !== folder && isInside(folder, other)));
}

/**
 * The folder that a path is, or is in, if there is anything at the path.
 * @param {string} path
 */
function folderOf(path) {
  try {
    return statSync(path).isDirectory() ? path : dirname(path);
  } catch {
    return undefined; // an argument that is no path
  }
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isInside(path, folder) {
  return path.startsWith(folder + sep);
}
