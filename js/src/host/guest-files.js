// The files of this machine that a program in wasm may reach: what lies below its mounts, by folder and name.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The boundary
//   The program owns the wasm memory, and may call these functions with any numbers and names. What it was granted
//   is in the descriptor table, out of its reach: the mounts, and what was opened below them. Each call names an open
//   folder of the table and one name in it, so there is no path to be walked, and no way up. Node has no openat():
//   on Linux /proc/PID/fd/N/NAME does the same, whatever became of the folder's own name meanwhile. The last name
//   is never followed if it is a link.
//
// Where there is no /proc
//   A folder is known by its path (folder-paths.js). It is checked that the path has no links before each call, and
//   again, with the identity of the file, once one is open and before its first byte is read or written. Other
//   programs that move folders at the right moment can still have a file made, moved or removed in the wrong place.
//
// Results are those of wasm/host/host.h: 0 or more, or a negative errno. Any thread; they block as the disk does.
// This file is part of python.mjs too (wasm/host/imports.js), for the workers: it imports only what is there as
// well, and has the syntax that Emscripten's optimizer reads.

import { ANY_FOLDER, DescriptorKind, descriptorTable } from "./descriptor-table.js";
import { folderPaths } from "./folder-paths.js";
import { Errno, OpenFlag } from "../module/host-layout.js";

/**
 * What a host lends its workers, all of it shared memory.
 * @typedef {object} FileGrant
 * @property {SharedArrayBuffer} descriptors of newDescriptorTable()
 * @property {string} [proc] Linux's folder of this process's descriptors
 * @property {number} mounts how many of the first numbers are mounts
 * @property {SharedArrayBuffer} [paths] of newFolderPaths(), where there is none
 */

// Linux's, which Node has no name for: only a place in the tree, for which no right to read is needed.
const O_PATH = 0o10000000;

// The program has no users: a setuid file of its making would be one of this machine's.
const PERMISSIONS = 0o777;

// Node takes seconds, and cuts them to microseconds, or to nanoseconds from some version on: a quarter of a
// microsecond more makes it the nearest.
const toSeconds = (/** @type {number} */ ms) => (Math.round((ms === ms ? ms : now()) * 1000) + 0.25) / 1e6;

// Milliseconds since 1970, finer than Date.now(), unless the machine's clock was set meanwhile.
const now = () => {
  const fine = performance.timeOrigin + performance.now();
  return Math.abs(fine - Date.now()) < 2 ? fine : Date.now();
};

const DOT = ".".charCodeAt(0);
const SLASH = "/".charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const COLON = ":".charCodeAt(0);

/**
 * @param {typeof import("node:fs")} fs
 * @param {FileGrant} grant
 * @param {boolean} windows names there have more characters with a meaning
 * @example
 * const files = guestFiles(fs, { descriptors, mounts: 1, proc: "/proc/self/fd" }, false);
 * const fd = files.open(0, Buffer.from("notes.txt"), OpenFlag.read, 0); // in the first mount
 */
export function guestFiles(fs, grant, windows) {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  // A pipe would hold a worker up until somebody opens its other end. Windows has none of these: 0 in a sum of bits.
  const ALWAYS = O_NOFOLLOW | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY;
  const table = descriptorTable(grant.descriptors, (fd) => fd >= 0 && fs.closeSync(fd));
  const separator = windows ? "\\" : "/";
  const paths = grant.paths && folderPaths(fs, grant.paths, separator);

  /**
   * What act() returns (0 for nothing), or the negative errno of what it throws.
   * @param {() => any} act
   */
  function result(act) {
    try {
      return act() ?? 0;
    } catch (error) {
      const { code } = /** @type {{code?: string}} */ (error);
      if (!code) throw error;
      return -(Errno[/** @type {keyof typeof Errno} */ (code)] ?? Errno.EIO);
    }
  }

  /**
   * The name as a part of a path: a string, or bytes if it is not ASCII, since names need not be UTF-8.
   * @param {Uint8Array} name
   * @returns {string | Buffer | undefined} undefined: it is not one name in a folder
   */
  function checkedName(name) {
    if (name.length === 0 || (name.length === 2 && name[0] === DOT && name[1] === DOT)) return undefined;
    let ascii = true;
    for (const byte of name) {
      if (byte === 0 || byte === SLASH) return undefined;
      if (windows && (byte === BACKSLASH || byte === COLON)) return undefined;
      if (byte > 127) ascii = false;
    }
    return ascii ? String.fromCharCode.apply(null, /** @type {any} */ (name)) : Buffer.from(name);
  }

  /**
   * Calls act with the path of a name in an open folder.
   * @param {number} folder
   * @param {Uint8Array} name
   * @param {(path: string | Buffer) => any} act
   * @returns {any} act's result, 0 for nothing, or a negative errno
   */
  function at(folder, name, act) {
    const text = checkedName(name);
    if (text === undefined) return -Errno.EINVAL;
    return on(folder, ANY_FOLDER, (fd) => {
      const start = pathOf(folder, fd) + separator;
      return act(typeof text === "string" ? start + text : Buffer.concat([Buffer.from(start), text]));
    });
  }

  /**
   * @param {number} folder
   * @param {number} fd
   */
  function pathOf(folder, fd) {
    if (paths) return paths.checked(folder);
    const path = `${grant.proc}/${fd}`;
    if (folder >= grant.mounts) table.lookAtTimes(folder, () => checkPlace(path));
    return path;
  }

  /**
   * A folder that somebody moves out of the mounts while it is open here is out of the grant. To look at each call
   * would cost more than most calls.
   * @param {string} path of an open folder's descriptor
   */
  function checkPlace(path) {
    const place = fs.readlinkSync(path, "buffer");
    for (let number = 0; number < grant.mounts; number++) {
      const mount = table.use(number, ANY_FOLDER, (fd) => fs.readlinkSync(`${grant.proc}/${fd}`, "buffer"));
      if (!mount || place.length < mount.length || mount.compare(place, 0, mount.length) !== 0) continue;
      if (place.length === mount.length || place[mount.length] === SLASH) return;
    }
    throw Object.assign(new Error("the folder was moved out of its mount"), { code: "ENOENT" });
  }

  /**
   * @param {number} number
   * @param {number} kinds
   * @param {(fd: number) => any} act
   * @returns {any}
   */
  function on(number, kinds, act) {
    return result(() => table.use(number, kinds, (fd) => act(fd) ?? 0) ?? -Errno.EBADF);
  }

  /**
   * Puts what was opened into the table, or closes it.
   * @param {number} fd
   * @param {number} kind
   */
  function add(fd, kind) {
    const number = table.add(fd, kind);
    if (number >= 0) return number;
    if (fd >= 0) fs.closeSync(fd);
    return -Errno.EMFILE;
  }

  /**
   * Calls act() on a descriptor that nobody else knows; closes it if act() fails, in either way.
   * @param {number} fd
   * @param {() => number} act
   */
  function closeUnless(fd, act) {
    let done = -1;
    try {
      return (done = act());
    } finally {
      if (done < 0) fs.closeSync(fd);
    }
  }

  return {
    table,

    /** @param {string} path of a folder. Throws what Node throws. */
    mount(path) {
      if (paths) {
        const number = table.add(-1, DescriptorKind.mount);
        paths.set(number, path);
        return number;
      }
      return add(fs.openSync(path, O_PATH | O_DIRECTORY), DescriptorKind.mount);
    },

    /**
     * Whether the folder that was opened is the one at a path, without links.
     * @param {number} number
     * @param {string} path
     */
    isAt(number, path) {
      if (paths) return paths.checked(number) === path;
      return table.use(number, ANY_FOLDER, (fd) => fs.readlinkSync(pathOf(number, fd))) === path;
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     */
    openFolder(folder, name) {
      return at(folder, name, (path) => {
        if (!paths) return add(fs.openSync(path, O_PATH | O_DIRECTORY | O_NOFOLLOW), DescriptorKind.folder);
        const stat = fs.lstatSync(path);
        if (!stat.isDirectory()) return stat.isSymbolicLink() ? -Errno.ELOOP : -Errno.ENOTDIR;
        const number = add(-1, DescriptorKind.folder);
        if (number >= 0) paths.set(number, String(path).replace(/[\\/]\.$/, "")); // "." is the folder itself
        return number;
      });
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     * @param {number} flags OpenFlags
     * @param {number} mode of a file that is made
     */
    open(folder, name, flags, mode) {
      return at(folder, name, (path) => {
        const access = !(flags & OpenFlag.write) ? O_RDONLY : flags & OpenFlag.read ? O_RDWR : O_WRONLY;
        const create = (flags & OpenFlag.create ? O_CREAT : 0) | (flags & OpenFlag.exclusive ? O_EXCL : 0);
        const fd = fs.openSync(path, access | create | ALWAYS, mode & PERMISSIONS);
        return closeUnless(fd, () => {
          if (paths && !paths.isSame(folder, path, fs.fstatSync(fd))) return -Errno.ELOOP;
          if (flags & OpenFlag.truncate) fs.ftruncateSync(fd, 0);
          const number = table.add(fd, DescriptorKind.file);
          return number >= 0 ? number : -Errno.EMFILE;
        });
      });
    },

    /** @param {number} number */
    close(number) {
      return result(() => (table.close(number) ? 0 : -Errno.EBADF));
    },

    /**
     * @param {number} fd
     * @param {Uint8Array} buffer
     * @param {number} offset negative: the descriptor's own position
     */
    pread(fd, buffer, offset) {
      const position = offset < 0 ? null : offset;
      return on(fd, DescriptorKind.file, (fd) => fs.readSync(fd, buffer, { position }));
    },

    /**
     * @param {number} fd
     * @param {Uint8Array} buffer
     * @param {number} offset as for pread()
     */
    pwrite(fd, buffer, offset) {
      const position = offset < 0 ? null : offset;
      return on(fd, DescriptorKind.file, (fd) => fs.writeSync(fd, buffer, /** @type {any} */ ({ position })));
    },

    /**
     * @param {number} fd
     * @param {number} size
     */
    ftruncate(fd, size) {
      return on(fd, DescriptorKind.file, (fd) => fs.ftruncateSync(fd, size));
    },

    /** @param {number} fd */
    fsync(fd) {
      return on(fd, DescriptorKind.file, (fd) => fs.fsyncSync(fd));
    },

    /**
     * @param {number} number a descriptor's or a folder's
     * @returns {any} fs.Stats, or a negative errno
     */
    fstat(number) {
      return on(number, DescriptorKind.file | ANY_FOLDER, (fd) =>
        fd >= 0 ? fs.fstatSync(fd) : fs.lstatSync(/** @type {any} */ (paths).checked(number)),
      );
    },

    /**
     * Missing files are asked for all the time (imports), so they are not thrown about.
     * @param {number} folder
     * @param {Uint8Array} name
     * @returns {any} fs.Stats, or a negative errno
     */
    stat(folder, name) {
      return at(folder, name, (path) => fs.lstatSync(path, { throwIfNoEntry: false }) ?? -Errno.ENOENT);
    },

    /**
     * @param {number} folder
     * @returns {any} the list that host.h describes, or a negative errno
     */
    readdir(folder) {
      return on(folder, ANY_FOLDER, (fd) => {
        const entries = fs.readdirSync(pathOf(folder, fd), { withFileTypes: true, encoding: "buffer" });
        const parts = [];
        for (const entry of entries) {
          const kind = entry.isFile() ? "f" : entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : "?";
          parts.push(/** @type {Buffer} */ (/** @type {unknown} */ (entry.name)), Buffer.from(`\0${kind}`));
        }
        return Buffer.concat(parts);
      });
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     * @param {number} mode
     */
    mkdir(folder, name, mode) {
      return at(folder, name, (path) => void fs.mkdirSync(path, { mode: mode & PERMISSIONS }));
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     */
    rmdir(folder, name) {
      return at(folder, name, (path) => fs.rmdirSync(path));
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     */
    unlink(folder, name) {
      return at(folder, name, (path) => fs.unlinkSync(path));
    },

    /**
     * @param {number} fromFolder
     * @param {Uint8Array} from
     * @param {number} toFolder
     * @param {Uint8Array} to
     */
    rename(fromFolder, from, toFolder, to) {
      return at(fromFolder, from, (fromPath) =>
        at(toFolder, to, (toPath) => {
          fs.renameSync(fromPath, toPath);
          paths?.moved(String(fromPath), String(toPath));
        }),
      );
    },

    /**
     * @param {Uint8Array} target any text: the program follows links itself, within its mounts
     * @param {number} folder
     * @param {Uint8Array} name
     */
    symlink(target, folder, name) {
      return at(folder, name, (path) => fs.symlinkSync(/** @type {any} */ (Buffer.from(target)), path));
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     * @returns {any} the target's bytes, or a negative errno
     */
    readlink(folder, name) {
      return at(folder, name, (path) => fs.readlinkSync(path, "buffer"));
    },

    /**
     * By a descriptor: by name the system would follow a link.
     * @param {number} folder
     * @param {Uint8Array} name
     * @param {number} mode
     */
    chmod(folder, name, mode) {
      return at(folder, name, (path) => {
        const fd = fs.openSync(path, paths ? O_RDONLY | ALWAYS : O_PATH | O_NOFOLLOW);
        try {
          const stat = fs.fstatSync(fd);
          if (stat.isSymbolicLink()) return -Errno.ELOOP;
          if (!paths) return fs.chmodSync(`${grant.proc}/${fd}`, mode & PERMISSIONS);
          if (!paths.isSame(folder, path, stat)) return -Errno.ELOOP;
          return fs.fchmodSync(fd, mode & PERMISSIONS);
        } finally {
          fs.closeSync(fd);
        }
      });
    },

    /**
     * @param {number} folder
     * @param {Uint8Array} name
     * @param {number} atimeMs
     * @param {number} mtimeMs
     */
    utimes(folder, name, atimeMs, mtimeMs) {
      return at(folder, name, (path) => fs.lutimesSync(path, toSeconds(atimeMs), toSeconds(mtimeMs)));
    },
  };
}
