// Parts of the cache: complete or not there, and made by one process at a time.
// SPDX-License-Identifier: MIT
//
// A part gets its name only when it is complete. So a set-up that was cut off goes on with the first part that is
// missing.

import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { SetupError } from "./progress.js";
import { CACHE } from "./sandbox.js";

/** Where the output of long commands goes. */
export const LOGS = join(CACHE, "logs");

/** The file that a complete part has. */
export const COMPLETE = ".heddle-complete";

/** @param {string} folder "" when the user brings what would be in it */
export const isComplete = (folder) => folder === "" || existsSync(join(folder, COMPLETE));

/**
 * Gives a folder that was filled under a temporary name its own.
 * @param {string} part
 * @param {string} folder
 */
export function complete(part, folder) {
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(join(part, COMPLETE), "");
  renameSync(part, folder);
}

/**
 * Makes a part of the cache if it is missing, one process at a time; make() gets a folder of a temporary
 * name and fills it.
 * @param {string} folder
 * @param {(part: string) => Promise<void>} make
 */
export async function setUpPart(folder, make) {
  if (isComplete(folder)) return;
  const unlock = lockCache();
  const part = `${folder}.part`;
  try {
    await make(part);
    complete(part, folder);
  } finally {
    unlock();
  }
}

/** One set-up at a time: a second one does not wait, it ends and names the process that is at work. */
export function lockCache() {
  const path = join(CACHE, "setup.lock");
  for (;;) {
    try {
      const fd = openSync(path, "wx");
      writeSync(fd, String(process.pid));
      closeSync(fd);
      const release = () => rmSync(path, { force: true });
      process.once("exit", release);
      for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
        process.once(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
      }
      return release;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const pid = Number(readFileSync(path, "utf8"));
    if (pid && existsSync(`/proc/${pid}`)) {
      throw new SetupError(
        `Another set-up is running (process ${pid}). Wait for it to end, then run the command again.`,
      );
    }
    rmSync(path, { force: true });
  }
}
