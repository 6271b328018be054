// Imports of python.wasm under JavaScript: events for the host thread, and Node's file system.
// SPDX-License-Identifier: MIT
//
// An emcc --js-library file; host.h says what each function does. The functions run on the calling
// thread's own worker. Views of the memory are made anew in each call (emcc rewrites HEAPU8 and the
// others where memory can grow).
/* global PThread, _scriptName, fs, read, stackSave, stackRestore, wasmTable */
/* global heddleErrnos, heddleFs, heddleHostCall, heddleOpenFlags, heddlePath, heddlePiece */
/* global heddleSignals, heddleStatLayout, heddleWriteStat */

// The facts of host.h, as the build has written them down for JavaScript. emcc evaluates this as it links, and puts
// the objects below that are made of it into python.mjs.
const hostLayout = new Function(
  read(`${__dirname}/../../js/src/module/host-layout.js`).replace(/^export const (\w+) =/gm, "this.$1 =") +
    "return this",
).call({});

addToLibrary({
  // The dependency is only there so that emcc links the hook below.
  heddle_host_notify__deps: ["$heddleTraps"],
  heddle_host_notify__sig: "vi",
  heddle_host_notify: (event) => {
    if (ENVIRONMENT_IS_PTHREAD) {
      // Emscripten's own message handler on the host thread calls Module.onHeddleEvent(event).
      postMessage({ cmd: "callHandler", handler: "onHeddleEvent", args: [event] });
    } else {
      queueMicrotask(() => Module["onHeddleEvent"]?.(event));
    }
  },

  // A thread that traps tells its signal handlers, on itself, before its worker fails with the error.
  $heddleSignals: hostLayout.Signal,

  $heddleTraps__deps: ["$invokeEntryPoint", "$heddleTrapSignal"],
  $heddleTraps__postset: `{
    const enter = invokeEntryPoint;
    invokeEntryPoint = (entry, argument) => {
      try {
        enter(entry, argument);
      } catch (error) {
        const signum = heddleTrapSignal(error);
        try {
          if (signum) Module["_heddle_signal_trapped"](signum);
        } catch {
          // the memory is in no state to tell more
        }
        throw error;
      }
    };
  }`,
  $heddleTraps: {},

  // The signal that a processor would have raised, or 0 if it is no trap. Engines differ in words.
  $heddleTrapSignal__deps: ["$heddleSignals"],
  $heddleTrapSignal: (error) => {
    // The host's stack is full. Firefox has a class of its own for it.
    if (error instanceof RangeError || error.name === "InternalError") return heddleSignals.SIGSEGV;
    if (!(error instanceof WebAssembly.RuntimeError)) return 0;
    if (/divi[ds]|remainder/i.test(error.message)) return heddleSignals.SIGFPE;
    return /unreachable/i.test(error.message) ? heddleSignals.SIGILL : heddleSignals.SIGSEGV;
  },

  heddle_host_use_up_stack__deps: ["$stackSave", "$stackRestore"],
  heddle_host_use_up_stack__sig: "ip",
  heddle_host_use_up_stack: (descend) => {
    if (ENVIRONMENT_IS_NODE) return 0; // host-node.js asks for stacks that are large enough
    const saved = stackSave();
    try {
      wasmTable.get(descend)();
    } catch {
      // The engine's error: "Maximum call stack size exceeded", "too much recursion".
    }
    stackRestore(saved);
    return 1;
  },

  // Node's fs module, or null where there is none (browsers).
  $heddleFs: () => (typeof fs !== "undefined" && ENVIRONMENT_IS_NODE ? fs : null),

  // Errors of Node by name. Names not here become EIO.
  $heddleErrnos: hostLayout.Errno,

  // Calls use(fs): its number (0 for undefined), or the negative errno of what it throws.
  $heddleHostCall__deps: ["$heddleFs", "$heddleErrnos"],
  $heddleHostCall: (use) => {
    const nodeFs = heddleFs();
    if (!nodeFs) return -heddleErrnos.ENOSYS;
    try {
      return use(nodeFs) ?? 0;
    } catch (error) {
      if (!error?.code) throw error;
      return -(heddleErrnos[error.code] ?? heddleErrnos.EIO);
    }
  },

  // The bytes of a path: names need not be UTF-8. slice() copies out of the shared memory.
  $heddlePath: (pointer) => {
    let end = pointer;
    while (HEAPU8[end]) end++;
    return Buffer.from(HEAPU8.slice(pointer, end));
  },

  $heddleStatLayout: hostLayout.StatLayout,

  // Fills in a heddle_host_stat_t.
  $heddleWriteStat__deps: ["$heddleStatLayout"],
  $heddleWriteStat: (stat, out) => {
    const word = (at, value) => (HEAPU32[(out + at) >> 2] = value);
    for (const name of ["mode", "nlink"]) word(heddleStatLayout[name], stat[name]);
    for (const name of ["size", "ino"]) {
      word(heddleStatLayout[name], stat[name] >>> 0);
      word(heddleStatLayout[name] + 4, Math.floor(stat[name] / 2 ** 32));
    }
    for (const name of ["atimeMs", "mtimeMs", "ctimeMs"])
      HEAPF64[(out + heddleStatLayout[name]) >> 3] = stat[name];
  },

  $heddleOpenFlags: hostLayout.OpenFlag,

  heddle_host_open__deps: ["$heddleHostCall", "$heddleOpenFlags", "$heddlePath"],
  heddle_host_open__sig: "ipii",
  heddle_host_open: (path, flags, mode) =>
    heddleHostCall((nodeFs) => {
      const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC } = nodeFs.constants;
      const wants = heddleOpenFlags;
      const access = !(flags & wants.write) ? O_RDONLY : flags & wants.read ? O_RDWR : O_WRONLY;
      const create = (flags & wants.create ? O_CREAT : 0) | (flags & wants.exclusive ? O_EXCL : 0);
      return nodeFs.openSync(
        heddlePath(path),
        access | create | (flags & wants.truncate ? O_TRUNC : 0),
        mode,
      );
    }),

  heddle_host_close__deps: ["$heddleHostCall"],
  heddle_host_close__sig: "ii",
  heddle_host_close: (fd) => heddleHostCall((nodeFs) => nodeFs.closeSync(fd)),

  // The bytes to move: no more than Node takes at once.
  $heddlePiece: (buffer, length) => HEAPU8.subarray(buffer, buffer + Math.min(length, 2 ** 30)),

  heddle_host_pread__deps: ["$heddleHostCall", "$heddlePiece"],
  heddle_host_pread__sig: "iippd",
  heddle_host_pread: (fd, buffer, length, offset) =>
    heddleHostCall((nodeFs) =>
      nodeFs.readSync(fd, heddlePiece(buffer, length), { position: offset < 0 ? null : offset }),
    ),

  heddle_host_pwrite__deps: ["$heddleHostCall", "$heddlePiece"],
  heddle_host_pwrite__sig: "iippd",
  heddle_host_pwrite: (fd, buffer, length, offset) =>
    heddleHostCall((nodeFs) =>
      nodeFs.writeSync(fd, heddlePiece(buffer, length), { position: offset < 0 ? null : offset }),
    ),

  heddle_host_ftruncate__deps: ["$heddleHostCall"],
  heddle_host_ftruncate__sig: "iid",
  heddle_host_ftruncate: (fd, size) => heddleHostCall((nodeFs) => nodeFs.ftruncateSync(fd, size)),

  heddle_host_fsync__deps: ["$heddleHostCall"],
  heddle_host_fsync__sig: "ii",
  heddle_host_fsync: (fd) => heddleHostCall((nodeFs) => nodeFs.fsyncSync(fd)),

  heddle_host_fstat__deps: ["$heddleHostCall", "$heddleWriteStat"],
  heddle_host_fstat__sig: "iip",
  heddle_host_fstat: (fd, out) => heddleHostCall((nodeFs) => heddleWriteStat(nodeFs.fstatSync(fd), out)),

  // Missing files are asked for all the time (imports), so they are not thrown about.
  heddle_host_stat__deps: ["$heddleHostCall", "$heddleErrnos", "$heddlePath", "$heddleWriteStat"],
  heddle_host_stat__sig: "ipip",
  heddle_host_stat: (path, follow, out) =>
    heddleHostCall((nodeFs) => {
      const quietly = { throwIfNoEntry: false };
      const name = heddlePath(path);
      const stat = follow ? nodeFs.statSync(name, quietly) : nodeFs.lstatSync(name, quietly);
      if (!stat) return -heddleErrnos.ENOENT;
      heddleWriteStat(stat, out);
    }),

  heddle_host_readdir__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_readdir__sig: "ippp",
  heddle_host_readdir: (path, buffer, capacity) =>
    heddleHostCall((nodeFs) => {
      const entries = nodeFs.readdirSync(heddlePath(path), { withFileTypes: true, encoding: "buffer" });
      const needed = entries.reduce((sum, entry) => sum + entry.name.length + 2, 0);
      if (needed > capacity) return needed;
      for (const entry of entries) {
        HEAPU8.set(entry.name, buffer);
        buffer += entry.name.length;
        HEAPU8[buffer++] = 0;
        const kind = entry.isFile() ? "f" : entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : "?";
        HEAPU8[buffer++] = kind.charCodeAt(0);
      }
      return needed;
    }),

  heddle_host_mkdir__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_mkdir__sig: "ipi",
  heddle_host_mkdir: (path, mode) =>
    heddleHostCall((nodeFs) => void nodeFs.mkdirSync(heddlePath(path), { mode })),

  heddle_host_rmdir__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_rmdir__sig: "ip",
  heddle_host_rmdir: (path) => heddleHostCall((nodeFs) => nodeFs.rmdirSync(heddlePath(path))),

  heddle_host_unlink__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_unlink__sig: "ip",
  heddle_host_unlink: (path) => heddleHostCall((nodeFs) => nodeFs.unlinkSync(heddlePath(path))),

  heddle_host_rename__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_rename__sig: "ipp",
  heddle_host_rename: (from, to) =>
    heddleHostCall((nodeFs) => nodeFs.renameSync(heddlePath(from), heddlePath(to))),

  heddle_host_symlink__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_symlink__sig: "ipp",
  heddle_host_symlink: (target, path) =>
    heddleHostCall((nodeFs) => nodeFs.symlinkSync(heddlePath(target), heddlePath(path))),

  heddle_host_readlink__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_readlink__sig: "ippp",
  heddle_host_readlink: (path, buffer, capacity) =>
    heddleHostCall((nodeFs) => {
      const target = nodeFs.readlinkSync(heddlePath(path), "buffer").subarray(0, capacity);
      HEAPU8.set(target, buffer);
      return target.length;
    }),

  heddle_host_chmod__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_chmod__sig: "ipi",
  heddle_host_chmod: (path, mode) => heddleHostCall((nodeFs) => nodeFs.chmodSync(heddlePath(path), mode)),

  // Node takes seconds.
  heddle_host_utimes__deps: ["$heddleHostCall", "$heddlePath"],
  heddle_host_utimes__sig: "ipdd",
  heddle_host_utimes: (path, atime, mtime) =>
    heddleHostCall((nodeFs) => nodeFs.utimesSync(heddlePath(path), atime / 1000, mtime / 1000)),

  // Instead of Emscripten's: its Atomics.waitAsync on the host thread never ends, and keeps the memory of a
  // closed runtime alive (26 MB for each). Without it Emscripten tells a thread of work by posting it the message
  // "checkMailbox".
  _emscripten_thread_mailbox_await: (_thread) => {},
});

// Instead of Emscripten's `new Worker(new URL("python.mjs", import.meta.url), ...)`: bundlers know this
// pattern and build a worker from it that nobody uses, or refuse its options (Vite).
LibraryManager.library.$PThread.allocateUnusedWorker = () => {
  const options = { type: "module", name: "em-pthread", workerData: "em-pthread" };
  PThread.unusedWorkers.push(new Worker(new URL(_scriptName), options));
};
