// Everything that crosses between python.wasm and its host (browser, Node, wasmtime), in one place.
// SPDX-License-Identifier: MIT
//
// Imports are what a host gives; exports are what it calls. Errors that cross are negative errno
// values as <errno.h> of this target numbers them (WASI's numbers, but for ENOTSUP). Strings are
// UTF-8 and end with a 0. Pointers given to an import are the module's and are good only during the call;
// pointers returned by an export stay the module's.
//
// Words
//   host thread     the thread that may not block: a page's own, Node's main one, Emscripten's main
//                   runtime thread. It runs no Python.
//   carrier         a worker or OS thread that one of the core's threads runs on
//   carrier token   the number that names a carrier to its host: its pthread's address
//
// Who may call what: any thread calls imports, on its own worker. The host thread calls exports, and
// none of them waits for long; only heddle_signal_trapped() is called on the worker that trapped.
#ifndef HEDDLE_WASM_HOST_H_
#define HEDDLE_WASM_HOST_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __EMSCRIPTEN__
#include <emscripten/em_macros.h>
#define HEDDLE_EXPORT EMSCRIPTEN_KEEPALIVE
#else
#define HEDDLE_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- Facts that both sides know -----------------------------------------------------------------
//
// The build writes these, and the numbers and layouts below, into js/src/module/host-layout.js for
// JavaScript (host_layout.cpp).

// Where the interpreter looks for its standard library.
#define HEDDLE_STDLIB_FOLDER "/usr/local/lib/python3.13"

enum {
    // What python.wasm asks for at least: enough for a start with eight workers. The build links
    // with this number. V8 counts all of it for each worker, and from 64 MiB on collects garbage in
    // each as it starts: that took half a second, in which a page stood still.
    HEDDLE_INITIAL_MEMORY_MIB = 40,
    // The stack of Python's main thread: room for the 10,000 nested C calls that CPython allows
    // (cpython/c_recursion.h). The build links with this number, and the next.
    HEDDLE_MAIN_STACK_MIB = 10,
    // The stack of a pthread that asks for no size.
    HEDDLE_PTHREAD_STACK_MIB = 4,
    // The console holds at most so much output that the host has not consumed.
    HEDDLE_CONSOLE_BYTES = 512 * 1024,
    // Calls that are listed of a thread or of an error, the innermost ones.
    HEDDLE_MAX_FRAMES = 64,
    // Containers nested deeper than this are not copied between Python and JavaScript: both sides
    // walk them recursively.
    HEDDLE_MAX_DEPTH = 100,
};

// ---- Imports: telling the host that something is there ----------------------------------------

// What happened. The host answers by calling the export that is named.
enum heddle_event {
    HEDDLE_EVENT_OUTPUT = 1,   // the console went from empty to not empty: heddle_console_peek()
    HEDDLE_EVENT_INPUT = 2,    // a thread waits for standard input: heddle_console_prompt(), then
                               // heddle_console_feed() or heddle_console_end_of_file(). Comes once
                               // for each wait, and not again when the host answers nothing;
                               // heddle_console_wants_input() tells a late one.
    HEDDLE_EVENT_REPLY = 3,    // the session has a reply: heddle_session_reply()
    HEDDLE_EVENT_EXIT = 4,     // os._exit() was called: heddle_program_exit_code()
    HEDDLE_EVENT_ARCHIVE = 5,  // a thread waits for a file of the archive that may come later:
                               // heddle_files_give_archive(), once for each event
    HEDDLE_EVENT_SOURCES = 6,  // the same for the library's sources: heddle_files_give_sources()
};

// Posts {event} to the host thread and returns at once. May be late or repeated, never lost.
void heddle_host_notify(int event);

// ---- Imports: the engine's stack ----------------------------------------------------------------

// Calls descend(), which recurses until the engine's own stack is full, catches the error that this
// gives, and returns 1. A host whose stacks are larger than any thread needs returns 0 at once.
int heddle_host_use_up_stack(void (*descend)(void));

// ---- Imports: files of the host ---------------------------------------------------------------
//
// A program reaches what lies below the folders that its host has mounted, and nothing else. A folder
// is a number: the mounts have 0, 1, 2 ... in the order in which the host opened them, and
// heddle_host_open_folder() gives more. What lies in a folder is called by one name: not empty, not
// "..", without '/' (else -EINVAL); "." is the folder itself. No import follows a symbolic link:
// opening one is -ELOOP. The module resolves links and paths itself (files/host_tree.h).
//
// Folders and descriptors are indices of one table, which the host keeps outside the wasm memory.
// They are good in every thread; -EBADF for a number that is none, or one of the other kind. Modes are
// permissions, 0777. A host without files, and one that has mounted none, returns -ENOSYS from all.

enum heddle_host_open_flags {
    HEDDLE_OPEN_READ = 1,
    HEDDLE_OPEN_WRITE = 2,
    HEDDLE_OPEN_CREATE = 4,     // make it if it is not there, with `mode`
    HEDDLE_OPEN_EXCLUSIVE = 8,  // with CREATE: -EEXIST if it is there
    HEDDLE_OPEN_TRUNCATE = 16,
};

typedef struct heddle_host_stat {
    uint32_t mode;  // S_IFREG | S_IFDIR | S_IFLNK | ... and permission bits
    uint32_t nlink;
    int64_t size;                         // bytes
    double atime_ms, mtime_ms, ctime_ms;  // since 1970
    int64_t ino;
} heddle_host_stat_t;

// A folder; it stays the same one when it is renamed. -EMFILE: too many are open.
int heddle_host_open_folder(int folder, const char* name);
// A descriptor of a file. Never waits: not for a pipe's other end either.
int heddle_host_open(int folder, const char* name, int flags, int mode);
// Gives a descriptor or a folder back; mounts stay (-EBADF).
int heddle_host_close(int number);
// Bytes moved, possibly fewer than asked; 0 at the end of the file. offset is a double so that it
// crosses to JavaScript exactly (up to 2**53); a negative one means the descriptor's own position
// (for devices, which have no other).
int heddle_host_pread(int fd, void* buffer, size_t length, double offset);
int heddle_host_pwrite(int fd, const void* buffer, size_t length, double offset);
int heddle_host_ftruncate(int fd, double size);
int heddle_host_fsync(int fd);
// Of a descriptor or a folder.
int heddle_host_fstat(int number, heddle_host_stat_t* out);
// Of a symbolic link: its own.
int heddle_host_stat(int folder, const char* name, heddle_host_stat_t* out);
// Writes the names in a folder, without . and .., each with its final 0 and a letter for its kind
// ('f' file, 'd' folder, 'l' link, '?' else): "name\0f" "name2\0d"... Returns the bytes needed,
// which may be more than capacity (then nothing useful was written).
int heddle_host_readdir(int folder, char* buffer, size_t capacity);
int heddle_host_mkdir(int folder, const char* name, int mode);
int heddle_host_rmdir(int folder, const char* name);
int heddle_host_unlink(int folder, const char* name);
int heddle_host_rename(int from_folder, const char* from, int to_folder, const char* to);
int heddle_host_symlink(const char* target, int folder, const char* name);
int heddle_host_readlink(int folder, const char* name, char* buffer,
                         size_t capacity);  // bytes, without a 0
int heddle_host_chmod(int folder, const char* name, int mode);
// NaN: now.
int heddle_host_utimes(int folder, const char* name, double atime_ms, double mtime_ms);

// The name of the host's time zone ("Europe/Paris"), without a 0. Its size in bytes, also if more than `capacity`
// would be needed; 0 if there is none. Any thread; does not block.
int heddle_host_time_zone(char* out, size_t capacity);

// ---- Exports: before main() -------------------------------------------------------------------

// Lays the files of a zip archive (the size bytes at data) out in folder, read-only. data must be
// malloc()ed and stays with the files for ever. Folders on the way are made. The archive may have
// an entry "later.directory", the directory of a second archive. Then that one's files are laid out
// too, and the first thread that opens one asks for it (HEDDLE_EVENT_ARCHIVE). With an entry
// "sources.list" (the CRC-32 of the directory of a third archive, then the sizes of its files, in four bytes
// each), each NAME.pyc becomes __pycache__/NAME.cpython-313.pyc below a NAME.py, whose bytes come with
// HEDDLE_EVENT_SOURCES. 0 or -errno: -EINVAL for an archive that is damaged, -EEXIST if there is such a file
// already.
HEDDLE_EXPORT int heddle_files_add_archive(const char* folder, void* data, size_t size);
// Mounts the host's folder with this number at path (absolute, not "/"). Folders on the way are made, an
// empty folder at path makes way. host_path, where it is on the host, only serves to translate links
// that name it. 0 or -errno.
HEDDLE_EXPORT int heddle_files_mount_host(const char* path, const char* host_path, int folder);
// Makes a symbolic link at path (absolute); folders on the way are made. 0 or -errno.
HEDDLE_EXPORT int heddle_files_add_link(const char* target, const char* path);

// Which of the standard streams are terminals (bits 1 stdin, 2 stdout, 4 stderr), and the size of
// that terminal. May be called again when the size changes.
HEDDLE_EXPORT void heddle_console_set_terminal(int streams, int columns, int rows);

// ---- Exports: the archive that may come later -------------------------------------------------

// Answers HEDDLE_EVENT_ARCHIVE. data is malloc()ed and, when this returns 0, stays for ever. NULL
// and 0: the archive cannot be had. Threads that wait for it get EIO, and the next that needs it
// asks anew. -EINVAL: these bytes are not the archive whose directory is known; the same happens.
HEDDLE_EXPORT int heddle_files_give_archive(void* data, size_t size);
// Answers HEDDLE_EVENT_SOURCES in the same way. After a refusal it is not asked for again.
HEDDLE_EXPORT int heddle_files_give_sources(void* data, size_t size);

// ---- Exports: console -------------------------------------------------------------------------

typedef struct heddle_console_chunk {
    uint32_t stream;  // 1 stdout, 2 stderr
    uint32_t thread;  // ident of the thread that wrote it
    const uint8_t* data;
    uint32_t size;  // bytes, > 0
} heddle_console_chunk_t;

// The oldest output that has not been consumed: 1 and *out filled, or 0 if there is none. One
// write() of up to 65536 bytes is one chunk. Longer ones come in several, with other threads'
// between them. A host that was notified must go on (now or later) until this says 0: there is no
// notification while the console is not empty, and blocked writers wait for half of it to be free.
// After the process has ended, go on once more: its last output is still there.
HEDDLE_EXPORT int heddle_console_peek(heddle_console_chunk_t* out);
// Gives the space of the peeked chunk back. wake_writers: 1 wakes those that wait for it; 0 takes no
// lock, for when Python has ended and a thread that is gone may hold one.
HEDDLE_EXPORT void heddle_console_consume(int wake_writers);
// The prompt of the thread that waits for a line from a terminal, or NULL when no prompt was given
// (plain reads of stdin). Good until the next call.
HEDDLE_EXPORT const char* heddle_console_prompt(void);
// 1 while some thread waits for standard input and has been given nothing since it began to; or 0.
HEDDLE_EXPORT int heddle_console_wants_input(void);
// Gives bytes to standard input. Returns how many were taken: none while an end of file has not
// been read. The rest must be offered again when HEDDLE_EVENT_INPUT comes.
HEDDLE_EXPORT size_t heddle_console_feed(const uint8_t* data, size_t size);
// Ends standard input once what was fed has been read. On a terminal and in a session that is one
// empty read, after which feeds are taken again; otherwise it stays so. In a session it has no
// effect when nobody waits for input (any more).
HEDDLE_EXPORT void heddle_console_end_of_file(void);

// ---- Exports: session (loadPython().run and what else the embedder asks) ----------------------

// Queues a request (copied) for the Python main thread: the size of the JSON in four bytes, the
// JSON, raw bytes that it refers to; js/src/session/protocol.js has the details. 0, -EPIPE when the
// session has ended, or -ENOMEM.
HEDDLE_EXPORT int heddle_session_submit(const uint8_t* data, size_t size);

// The oldest reply: its bytes, and *size_out; or NULL. heddle_session_reply_done() releases it. Each
// request has one, in the order of the requests. One of 0 bytes says that memory is out for what it
// was to tell.
HEDDLE_EXPORT const uint8_t* heddle_session_reply(size_t* size_out);
HEDDLE_EXPORT void heddle_session_reply_done(void);
// Posts a signal that is meant for the requests submitted so far, whether or not Python has begun
// with them, and for no later one. 0, or -EINVAL for a number that is no signal.
HEDDLE_EXPORT int heddle_session_interrupt(int signum);

// Where each Python thread is, as JSON: [{"ident", "frames": [{"filename", "line", "name"}]}], a
// thread's outermost call first, at most HEDDLE_MAX_FRAMES. Waits 50 ms at most for the list's
// lock, and then lists none. A thread that runs is listed as it was at about this moment. Returns
// the bytes needed without the final 0. Where that is not less than capacity, the text is cut off.
HEDDLE_EXPORT size_t heddle_python_stacks(char* buffer, size_t capacity);

// ---- Exports: the program, with a session or without one ---------------------------------------

// What the program does about a signal.
enum heddle_signal_action {
    HEDDLE_SIGNAL_DEFAULT = 0,
    HEDDLE_SIGNAL_IGNORED = 1,
    HEDDLE_SIGNAL_HANDLED = 2,  // or blocked: then it is for the program to fetch
};

// What it does about this one at this moment: a heddle_signal_action.
HEDDLE_EXPORT int heddle_program_signal_action(int signum);
// The code that os._exit() was called with; good once HEDDLE_EVENT_EXIT came.
HEDDLE_EXPORT int heddle_program_exit_code(void);

// ---- Exports: traps ---------------------------------------------------------------------------
//
// Called on the worker whose thread trapped, with the signal that a processor would have raised. The
// signal's handler runs, and the host goes on to end the program. In the core's libc part.
void heddle_signal_trapped(int signum);

// ---- Exports: Python's files, in memory and in mounted folders, for loadPython().fs ------------
//
// 0 or -errno. read and readdir give malloc()ed bytes, which the caller frees; readdir's are names
// with a 0 after each.

HEDDLE_EXPORT int heddle_fs_read(const char* path, uint8_t** data_out, size_t* size_out);
HEDDLE_EXPORT int heddle_fs_write(const char* path, const uint8_t* data, size_t size);
HEDDLE_EXPORT int heddle_fs_mkdir(const char* path);
HEDDLE_EXPORT int heddle_fs_rmdir(const char* path);
HEDDLE_EXPORT int heddle_fs_unlink(const char* path);
HEDDLE_EXPORT int heddle_fs_rename(const char* from, const char* to);
HEDDLE_EXPORT int heddle_fs_readdir(const char* path, uint8_t** data_out, size_t* size_out);
HEDDLE_EXPORT int heddle_fs_stat(const char* path, heddle_host_stat_t* out);

// ---- Exports: threads and signals -------------------------------------------------------------

// Of heddle.h, heddle_signal_post, heddle_threads_snapshot, heddle_thread_set_limit and
// heddle_carrier_failed (by carrier token) are exported too. exports.txt names these and libc's;
// HEDDLE_EXPORT does it for the functions of this header.

// How many idle carriers a session keeps ready. Its main thread makes them when main() begins.
HEDDLE_EXPORT void heddle_carriers_set_warm(uint32_t count);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_WASM_HOST_H_
