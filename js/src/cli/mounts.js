// The host's folders that a program may see: the current one, and those that its command line and PYTHONPATH name.
// SPDX-License-Identifier: MIT
// @ts-check

import { realpathSync, statSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { isIn, procFolderAt } from "../host/proc-folders.js";
import { UsageError } from "./arguments.js";

/** Folders with files of the program's own; those that they are in have them too. */
const LIBRARY = "/usr/local/lib/python3.13";
const OWN = ["/dev", LIBRARY, "/usr/share/zoneinfo"];

/** @typedef {{hostPath: string, path: string}} Mount a folder without links, and where the program finds it */

/**
 * What the program's file system is made of.
 * @typedef {object} Mounts
 * @property {Mount[]} folders none inside another, on either side, and none that hides the program's own files
 * @property {{path: string, target: string}[]} links to make, so that the names on the command line lead there too
 */

/**
 * @param {import("./arguments.js").CommandLine} line
 * @param {string} currentFolder
 * @param {string} [pythonPath] the variable
 * @returns {Mounts} throws a UsageError for a --mount that cannot be
 * @example
 * const { folders } = mountsFor(parseArguments(["/data/run.py", "/etc/hosts"]), "/home/me");
 * folders.map(({ path }) => path); // ["/data", "/etc", "/home/me"]
 */
export function mountsFor(line, currentFolder, pythonPath = "") {
  const named = line.hostFiles ? namedFolders(line, currentFolder, pythonPath) : new Set();
  /** @type {Mount[]} */
  const placed = [];
  for (const word of line.mounts) {
    const { folder, path } = parseMount(word, currentFolder);
    if (path === undefined) named.add(folder);
    else placed.push({ hostPath: realpathSync.native(folder), path });
  }
  const real = [...new Set([...named].map((folder) => realpathSync.native(folder)))].sort();
  const mountable = real.filter((folder) => !isPassedOver(folder));
  const folders = mountable
    .filter((folder) => !mountable.some((other) => other !== folder && isIn(folder, other)))
    .map((folder) => ({ hostPath: folder, path: folder }));
  for (const mount of placed) add(folders, mount);

  /** @type {Mounts["links"]} */
  const links = [];
  for (const path of [...named].sort()) {
    const target = realpathSync.native(path);
    if (target === path || isPassedOver(target)) continue;
    // Links inside a mount are there as they are on the host, and one that was made leads further.
    if ([...folders, ...links].some((known) => isIn(path, known.path))) continue;
    links.push({ path, target });
  }
  return { folders, links };
}

/**
 * The folders that are mounted unasked: absolute, and there, maybe by way of links.
 * @param {import("./arguments.js").CommandLine} line
 * @param {string} currentFolder
 * @param {string} pythonPath
 */
function namedFolders(line, currentFolder, pythonPath) {
  const words = [...line.programArgs, ...pythonPath.split(delimiter).filter(Boolean)];
  if (line.script !== undefined) words.push(line.script);
  const folders = new Set([currentFolder]);
  for (const word of words) {
    const folder = folderOf(resolve(currentFolder, word));
    if (folder !== undefined) folders.add(folder);
  }
  return folders;
}

/**
 * @param {string} word FOLDER or FOLDER:PATH
 * @param {string} currentFolder
 * @returns {{folder: string, path: string | undefined}}
 */
function parseMount(word, currentFolder) {
  if (word === "") throw new UsageError("--mount=: no folder is named. Expected FOLDER or FOLDER:/PATH.");
  const whole = resolve(currentFolder, word);
  if (isFolder(whole)) {
    mustNotHoldOwn(word, realpathSync.native(whole));
    mustNotReachProc(word, realpathSync.native(whole));
    return { folder: whole, path: undefined };
  }
  const at = word.lastIndexOf(":/");
  const folder = resolve(currentFolder, word.slice(0, Math.max(at, 0)));
  if (at < 1 || !isFolder(folder)) {
    const missing = at < 1 ? whole : folder;
    throw new UsageError(`--mount=${word}: there is no folder ${missing}. Expected FOLDER or FOLDER:/PATH.`);
  }
  const path = resolve("/", word.slice(at + 1));
  mustNotHoldOwn(word, path);
  mustNotReachProc(word, realpathSync.native(folder));
  return { folder, path };
}

/** @param {string} word @param {string} folder of the machine */
function mustNotReachProc(word, folder) {
  const proc = procFolderAt(folder);
  if (proc === undefined) return;
  throw new UsageError(
    `--mount=${word}: ${proc} would be in reach, and with it this process's memory. Name a folder without it.`,
  );
}

/** @param {string} word @param {string} path where the mount would be */
function mustNotHoldOwn(word, path) {
  if (!holdsOwn(path)) return;
  throw new UsageError(
    `--mount=${word}: ${path} holds files of Heddle's own. Name a folder in it, or another path.`,
  );
}

/** Whether a mount there would hide files of the program's own. @param {string} path */
function holdsOwn(path) {
  return OWN.some((own) => isIn(own, path));
}

/** Whether it is a folder of an installed Python's library, which Heddle has itself. @param {string} path */
function isOfLibrary(path) {
  return isIn(path, LIBRARY) && !isIn(path, `${LIBRARY}/site-packages`);
}

/** Whether a folder is not mounted unasked. @param {string} folder */
function isPassedOver(folder) {
  return holdsOwn(folder) || isOfLibrary(folder) || procFolderAt(folder) !== undefined;
}

/**
 * Refuses what overlaps: the program would see files twice, each time as if nobody else changed them.
 * @param {Mount[]} folders
 * @param {Mount} mount
 */
function add(folders, mount) {
  for (const other of folders) {
    for (const side of /** @type {const} */ (["hostPath", "path"])) {
      if (!isIn(mount[side], other[side]) && !isIn(other[side], mount[side])) continue;
      const seen = `${mount[side]} and ${other[side]}, which is mounted too,`;
      throw new UsageError(
        `--mount=${mount.hostPath}:${mount.path}: ${seen} lie one in the other. Mount one of them only` +
          (side === "hostPath" ? ", or run with --no-host-files." : "."),
      );
    }
  }
  folders.push(mount);
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

/** @param {string} path */
function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
