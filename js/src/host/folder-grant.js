// Opens the folders that a Python may reach, for the workers that carry it.
// SPDX-License-Identifier: MIT
// @ts-check

import fs from "node:fs";

import { OptionError } from "../errors.js";
import { newDescriptorTable } from "./descriptor-table.js";
import { newFolderPaths } from "./folder-paths.js";
import { guestFiles } from "./guest-files.js";
import { procFolderAt } from "./proc-folders.js";

/** Where Linux has this process's descriptors; HEDDLE_NO_PROC is for tests of what is done without. */
function descriptorFolder() {
  if (process.env.HEDDLE_NO_PROC !== undefined) return undefined;
  try {
    // The name with the number is found quicker, and the same one if /proc knows this process by that number.
    const self = fs.readlinkSync("/proc/self") === String(process.pid) ? process.pid : "self";
    fs.accessSync(`/proc/${self}/fd`);
    return `/proc/${self}/fd`;
  } catch {
    return undefined;
  }
}

/**
 * @param {string[]} paths absolute, free of links
 * @returns {import("./host.js").FolderGrant | undefined} undefined: of no folder
 * @example
 * const grant = grantFolders(["/home/me"]);
 */
export function grantFolders(paths) {
  if (paths.length === 0) return undefined;
  /** @type {import("./guest-files.js").FileGrant} */
  const lent = { descriptors: newDescriptorTable(), mounts: paths.length };
  const proc = descriptorFolder();
  if (proc === undefined) lent.paths = newFolderPaths();
  else lent.proc = proc;
  const files = guestFiles(fs, lent, process.platform === "win32");
  const release = () => files.table.closeAll();
  try {
    const folders = paths.map((path) => ({ path, number: open(files, path) }));
    return { lent, release, folders };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * @param {ReturnType<typeof guestFiles>} files
 * @param {string} path
 */
function open(files, path) {
  try {
    if (!fs.statSync(path).isDirectory()) throw new Error("it is no folder");
    const proc = procFolderAt(path);
    if (proc) {
      throw new Error(
        `${proc} would be in reach, and with it this process's memory; name a folder without it`,
      );
    }
    const number = files.mount(path);
    if (files.isAt(number, path)) return number;
    throw new Error("it was moved just now");
  } catch (error) {
    throw new OptionError(`heddle: cannot mount ${path}: ${/** @type {Error} */ (error).message}.`, {
      cause: error,
    });
  }
}
