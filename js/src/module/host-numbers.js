// Numbers that python.wasm and JavaScript agree on.
// SPDX-License-Identifier: MIT
// @ts-check

/** What happened, as heddle_host_notify() numbers it. */
export const HostEvent = Object.freeze({ output: 1, input: 2, reply: 3, exit: 4, archive: 5 });

/** Where the interpreter looks for its standard library. */
export const STDLIB_FOLDER = "/usr/local/lib/python3.13";

/** A heddle_host_stat. */
export const StatLayout = Object.freeze({
  bytes: 48,
  mode: 0,
  size: 8,
  atimeMs: 16,
  mtimeMs: 24,
  ctimeMs: 32,
});

/** The console's ring holds no more. */
export const RING_BYTES = 512 * 1024;

/** WASI's numbers. */
export const Errno = Object.freeze({
  EACCES: 2,
  EAGAIN: 6,
  EBADF: 8,
  EBUSY: 10,
  EDQUOT: 19,
  EEXIST: 20,
  EFBIG: 22,
  EINTR: 27,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  EMLINK: 34,
  ENAMETOOLONG: 37,
  ENFILE: 41,
  ENOENT: 44,
  ENOMEM: 48,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSUP: 138,
  EPERM: 63,
  EROFS: 69,
  ETXTBSY: 74,
  EXDEV: 75,
});
