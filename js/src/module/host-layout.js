// Numbers and layouts that python.wasm and JavaScript agree on.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Made by wasm/host/host_layout.cpp: the build writes it anew when a number has changed.

/** What happened, as heddle_host_notify() numbers it. */
export const HostEvent = Object.freeze({
  output: 1,
  input: 2,
  reply: 3,
  exit: 4,
  archive: 5,
  sources: 6,
});

/** The bits of heddle_host_open()'s flags. */
export const OpenFlag = Object.freeze({
  read: 1,
  write: 2,
  create: 4,
  exclusive: 8,
  truncate: 16,
});

/** What heddle_program_signal_action() answers. */
export const SignalAction = Object.freeze({
  default: 0,
  ignored: 1,
  handled: 2,
});

/** A heddle_host_stat_t: its size, and where its fields are. */
export const StatLayout = Object.freeze({
  bytes: 48,
  mode: 0,
  nlink: 4,
  size: 8,
  atimeMs: 16,
  mtimeMs: 24,
  ctimeMs: 32,
  ino: 40,
});

/** A heddle_console_chunk_t: its size, and where its fields are. */
export const ChunkLayout = Object.freeze({
  bytes: 16,
  stream: 0,
  thread: 4,
  data: 8,
  size: 12,
});

/** The console holds at most so many bytes of output. */
export const RING_BYTES = 524288;

/** Where the interpreter looks for its standard library. */
export const STDLIB_FOLDER = "/usr/local/lib/python3.13";

/** What python.wasm asks for at least, in MiB. */
export const INITIAL_MEMORY_MIB = 40;

/** Containers nested deeper than this are not copied. */
export const MAX_DEPTH = 100;

/** Calls that are listed of a thread or of an error, the innermost ones. */
export const MAX_FRAMES = 64;

/** Threads alive at once by default, and at most; workers that stay ready by default. */
export const Threads = Object.freeze({
  limit: 256,
  mostLimit: 960,
  warm: 8,
});

/** Signals are numbered up to this one. */
export const MAX_SIGNAL = 64;

/** Signals, as python.wasm numbers them: as Linux does. */
export const Signal = Object.freeze({
  SIGHUP: 1,
  SIGINT: 2,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGTERM: 15,
});

/** Errors, as python.wasm numbers them: as WASI does, but for ENOTSUP. */
export const Errno = Object.freeze({
  E2BIG: 1,
  EACCES: 2,
  EAGAIN: 6,
  EBADF: 8,
  EBUSY: 10,
  EDQUOT: 19,
  EEXIST: 20,
  EFAULT: 21,
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
  ENODEV: 43,
  ENOENT: 44,
  ENOMEM: 48,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSUP: 138,
  ENXIO: 60,
  EOVERFLOW: 61,
  EPERM: 63,
  EPIPE: 64,
  EROFS: 69,
  ESPIPE: 70,
  ETIMEDOUT: 73,
  ETXTBSY: 74,
  EXDEV: 75,
});
