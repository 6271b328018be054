// Imports of python.wasm under JavaScript: events for the host thread, and Node's file system.
// SPDX-License-Identifier: MIT
//
// An emcc --js-library file; host.h says what each function does. The functions run on the calling
// thread's own worker. Views of the memory are made anew in each call (emcc rewrites HEAPU8 and the
// others where memory can grow).
/* global PThread, _scriptName, fs, read, stackSave, stackRestore, wasmTable, worker_threads */
/* global getEnvStrings, heddleErrnos, heddleFiles, heddleGuestFiles, heddleName, heddlePiece, heddleSignals */
/* global heddleStatLayout, heddleWithFiles, heddleWriteBytes, heddleWriteStat */

// What is on the other side of the file imports (js/src/host/guest-files.js): the package's own modules, put into one
// expression, because a worker of Node's runs python.mjs and nothing else.
function guestFilesSource() {
  const modules = ["descriptor-table.js", "folder-paths.js", "guest-files.js"].map((name) =>
    read(`${__dirname}/../../js/src/host/${name}`)
      .replace(/^import .*\n/gm, "")
      .replace(/^export /gm, ""),
  );
  const facts = JSON.stringify({ Errno: hostLayout.Errno, OpenFlag: hostLayout.OpenFlag });
  return `(({ Errno, OpenFlag }) => {\n${modules.join("")}\nreturn guestFiles;\n})(${facts})`;
}

// The facts of host.h, as the build has written them down for JavaScript. emcc evaluates this as it links, and puts
// the objects below that are made of it into python.mjs.
const hostLayout = new Function(
  read(`${__dirname}/../../js/src/module/host-layout.js`).replace(/^export const (\w+) =/gm, "this.$1 =") +
    "return this",
).call({});

addToLibrary({
  // Emscripten's own cut each character to a byte.
  environ_sizes_get__deps: ["$getEnvStrings", "$lengthBytesUTF8"],
  environ_sizes_get__nothrow: true,
  environ_sizes_get: (countOut, sizeOut) => {
    const strings = getEnvStrings();
    HEAPU32[countOut >>> 2] = strings.length;
    HEAPU32[sizeOut >>> 2] = strings.reduce((size, text) => size + lengthBytesUTF8(text) + 1, 0);
    return 0;
  },
  environ_get__deps: ["$getEnvStrings", "$lengthBytesUTF8", "$stringToUTF8"],
  environ_get__nothrow: true,
  environ_get: (pointers, bytes) => {
    for (const text of getEnvStrings()) {
      const size = lengthBytesUTF8(text) + 1;
      HEAPU32[pointers >>> 2] = bytes;
      stringToUTF8(text, bytes, size);
      pointers += 4;
      bytes += size;
    }
    return 0;
  },

  // The dependencies are only there so that emcc links the hooks below.
  heddle_host_notify__deps: ["$heddleTraps", "$heddleHostThread"],
  heddle_host_notify__sig: "vi",
  heddle_host_notify: (event) => {
    if (ENVIRONMENT_IS_PTHREAD) {
      // Emscripten's own message handler on the host thread calls Module.onHeddleEvent(event).
      postMessage({ cmd: "callHandler", handler: "onHeddleEvent", args: [event] });
    } else {
      queueMicrotask(() => Module["onHeddleEvent"]?.(event));
    }
  },

  // What the glue does on the host thread must not harm the embedder's process: a program's exit code is not the
  // process's, and what the glue's timer does for a damaged memory is no uncaught exception.
  $heddleHostThread__deps: ["$checkMailbox"],
  $heddleHostThread__postset: `if (!ENVIRONMENT_IS_PTHREAD) {
    quit_ = (status, error) => {
      throw error;
    };
    const check = checkMailbox;
    checkMailbox = () => {
      try {
        check();
      } catch (error) {
        Module["onHeddleFailure"]?.(error);
      }
    };
  }`,
  $heddleHostThread: {},

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

  // What this program may reach of Node's files; null where that is nothing.
  $heddleGuestFiles: `= ${guestFilesSource()}`,
  $heddleFiles__deps: ["$heddleGuestFiles"],
  $heddleFiles: () => {
    if (heddleFiles.made !== undefined) return heddleFiles.made;
    const grant = !ENVIRONMENT_IS_NODE
      ? undefined
      : ENVIRONMENT_IS_PTHREAD
        ? worker_threads.getEnvironmentData("heddle files")
        : Module["heddleFiles"];
    return (heddleFiles.made = grant ? heddleGuestFiles(fs, grant, process.platform === "win32") : null);
  },

  $heddleErrnos: hostLayout.Errno,
  $heddleWithFiles__deps: ["$heddleErrnos", "$heddleFiles"],
  $heddleWithFiles: (act) => {
    const files = heddleFiles();
    return files ? act(files) : -heddleErrnos.ENOSYS;
  },

  // The bytes of a name: these need not be UTF-8. slice() copies out of the shared memory, once, so that what is
  // checked is what is used. One that is too long for any file system keeps its length, and is refused there.
  $heddleName: (pointer) => {
    let end = pointer;
    while (end - pointer < 4096 && HEAPU8[end]) end++;
    return HEAPU8.slice(pointer, end);
  },

  // The bytes to move: no more than Node takes at once, and none that are not there.
  $heddlePiece: (buffer, length) => HEAPU8.subarray(buffer, buffer + Math.min(length, 2 ** 30)),

  $heddleStatLayout: hostLayout.StatLayout,

  // Fills in a heddle_host_stat_t, or returns the error.
  $heddleWriteStat__deps: ["$heddleStatLayout"],
  $heddleWriteStat: (stat, out) => {
    if (typeof stat === "number") return stat;
    const word = (at, value) => (HEAPU32[(out + at) >>> 2] = value);
    for (const name of ["mode", "nlink"]) word(heddleStatLayout[name], stat[name]);
    for (const name of ["size", "ino"]) {
      word(heddleStatLayout[name], stat[name] >>> 0);
      word(heddleStatLayout[name] + 4, Math.floor(stat[name] / 2 ** 32));
    }
    // In whole microseconds, as Node can set them: a copy has the times of its original.
    for (const name of ["atimeMs", "mtimeMs", "ctimeMs"])
      HEAPF64[(out + heddleStatLayout[name]) >>> 3] = Math.round(stat[name] * 1000) / 1000;
    return 0;
  },

  // Writes as many bytes as there is room for, or returns the error.
  $heddleWriteBytes__deps: ["$heddlePiece"],
  $heddleWriteBytes: (bytes, buffer, capacity) => {
    if (typeof bytes === "number") return bytes;
    const room = heddlePiece(buffer, capacity);
    room.set(bytes.subarray(0, room.length));
    return bytes.length;
  },

  // Instead of Emscripten's: its Atomics.waitAsync on the host thread never ends, and keeps the memory of a
  // closed runtime alive (26 MB for each). Without it Emscripten tells a thread of work by posting it the message
  // "checkMailbox".
  _emscripten_thread_mailbox_await: (_thread) => {},
});

// The file imports. 'p' is a pointer, which emcc makes unsigned, and 'd' a double.
const fileImports = {
  heddle_host_open_folder__sig: "iip",
  heddle_host_open_folder: (folder, name) =>
    heddleWithFiles((files) => files.openFolder(folder, heddleName(name))),

  heddle_host_open__sig: "iipii",
  heddle_host_open: (folder, name, flags, mode) =>
    heddleWithFiles((files) => files.open(folder, heddleName(name), flags, mode)),

  heddle_host_close__sig: "ii",
  heddle_host_close: (number) => heddleWithFiles((files) => files.close(number)),

  heddle_host_pread__sig: "iippd",
  heddle_host_pread: (fd, buffer, length, offset) =>
    heddleWithFiles((files) => files.pread(fd, heddlePiece(buffer, length), offset)),

  heddle_host_pwrite__sig: "iippd",
  heddle_host_pwrite: (fd, buffer, length, offset) =>
    heddleWithFiles((files) => files.pwrite(fd, heddlePiece(buffer, length), offset)),

  heddle_host_ftruncate__sig: "iid",
  heddle_host_ftruncate: (fd, size) => heddleWithFiles((files) => files.ftruncate(fd, size)),

  heddle_host_fsync__sig: "ii",
  heddle_host_fsync: (fd) => heddleWithFiles((files) => files.fsync(fd)),

  heddle_host_fstat__sig: "iip",
  heddle_host_fstat: (number, out) => heddleWithFiles((files) => heddleWriteStat(files.fstat(number), out)),

  heddle_host_stat__sig: "iipp",
  heddle_host_stat: (folder, name, out) =>
    heddleWithFiles((files) => heddleWriteStat(files.stat(folder, heddleName(name)), out)),

  heddle_host_readdir__sig: "iipp",
  heddle_host_readdir: (folder, buffer, capacity) =>
    heddleWithFiles((files) => heddleWriteBytes(files.readdir(folder), buffer, capacity)),

  heddle_host_mkdir__sig: "iipi",
  heddle_host_mkdir: (folder, name, mode) =>
    heddleWithFiles((files) => files.mkdir(folder, heddleName(name), mode)),

  heddle_host_rmdir__sig: "iip",
  heddle_host_rmdir: (folder, name) => heddleWithFiles((files) => files.rmdir(folder, heddleName(name))),

  heddle_host_unlink__sig: "iip",
  heddle_host_unlink: (folder, name) => heddleWithFiles((files) => files.unlink(folder, heddleName(name))),

  heddle_host_rename__sig: "iipip",
  heddle_host_rename: (fromFolder, from, toFolder, to) =>
    heddleWithFiles((files) => files.rename(fromFolder, heddleName(from), toFolder, heddleName(to))),

  heddle_host_symlink__sig: "ipip",
  heddle_host_symlink: (target, folder, name) =>
    heddleWithFiles((files) => files.symlink(heddleName(target), folder, heddleName(name))),

  heddle_host_readlink__sig: "iippp",
  heddle_host_readlink: (folder, name, buffer, capacity) =>
    heddleWithFiles((files) => {
      const size = heddleWriteBytes(files.readlink(folder, heddleName(name)), buffer, capacity);
      return Math.min(size, capacity);
    }),

  // Of ASCII letters, in every browser and in Node.
  heddle_host_time_zone__deps: ["$heddleWriteBytes"],
  heddle_host_time_zone__sig: "ipp",
  heddle_host_time_zone: (out, capacity) =>
    heddleWriteBytes(
      new TextEncoder().encode(Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""),
      out,
      capacity,
    ),

  heddle_host_chmod__sig: "iipi",
  heddle_host_chmod: (folder, name, mode) =>
    heddleWithFiles((files) => files.chmod(folder, heddleName(name), mode)),

  heddle_host_utimes__sig: "iipdd",
  heddle_host_utimes: (folder, name, atime, mtime) =>
    heddleWithFiles((files) => files.utimes(folder, heddleName(name), atime, mtime)),
};

for (const name of Object.keys(fileImports).filter((name) => !name.endsWith("__sig"))) {
  fileImports[`${name}__deps`] = [
    ...["$heddleName", "$heddlePiece", "$heddleWithFiles"],
    ...["$heddleWriteBytes", "$heddleWriteStat"],
  ];
}
addToLibrary(fileImports);

// Instead of Emscripten's `new Worker(new URL("python.mjs", import.meta.url), ...)`: bundlers know this
// pattern and build a worker from it that nobody uses, or refuse its options (Vite).
LibraryManager.library.$PThread.allocateUnusedWorker = () => {
  const options = { type: "module", name: "em-pthread", workerData: "em-pthread" };
  PThread.unusedWorkers.push(new Worker(new URL(_scriptName), options));
};
