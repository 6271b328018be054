// The C interface of the Heddle threading runtime: threads, locks, waits and simulated signals.
// SPDX-License-Identifier: MIT
//
// Words used throughout
//   thread       something started by heddle_thread_start(), the main thread, or a foreign thread
//                that called any function of this header once (it is attached on first use).
//   main thread  the thread that called heddle_main_thread_attach(); signals are delivered to it.
//   host thread  the thread that may not block (a browser page's own, Node's event loop thread).
//                Functions say whether it may call them; those never wait for long.
//   carrier      the operating system's thread, or web worker, that a thread runs on. A carrier is
//                kept when its thread ends and takes the next thread of the same stack size.
//   park/unpark  a thread goes to sleep on an address / another thread ends that sleep.
//   ident        a nonzero number for a thread; recycled only long after the thread has ended.
//   native id    a positive number, unique among the threads that are alive.
//
// Conventions
//   Times are nanoseconds. A timeout is relative and counts from the call; a negative one
//   (HEDDLE_FOREVER) never ends. Clocks are monotonic. Functions that can fail return 0 or a
//   positive errno value; they never set errno. No pointer's ownership moves unless a function
//   says so. Every function is safe to call from any thread at any time unless it says otherwise.
#ifndef HEDDLE_HEDDLE_H_
#define HEDDLE_HEDDLE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HEDDLE_FOREVER INT64_C(-1)
#define HEDDLE_NSIG 65          // signal numbers are 1..HEDDLE_NSIG-1
#define HEDDLE_STACK_MIN 32768  // bytes
#define HEDDLE_NAME_MAX 63      // bytes of a thread's name, without the final 0

#if defined(__cplusplus)
#define HEDDLE_NORETURN [[noreturn]]
#else
#define HEDDLE_NORETURN _Noreturn
#endif

typedef uint32_t heddle_ident_t;

// How a wait ended.
typedef enum heddle_wait_result {
    HEDDLE_ACQUIRED = 0,     // what was waited for happened
    HEDDLE_TIMED_OUT = 1,    // the time was over first
    HEDDLE_INTERRUPTED = 2,  // a signal for the main thread arrived first; only interruptible waits
                             // of the main thread end like this. Handle it, then wait again.
} heddle_wait_result_t;

// ---- Time ----------------------------------------------------------------------------------

// The monotonic clock, in nanoseconds from an arbitrary start that all threads share.
int64_t heddle_now_ns(void);

// Sleeps for timeout_ns, and 50 us at the least. Blocks; not for the host thread. HEDDLE_TIMED_OUT
// when the time is over, HEDDLE_INTERRUPTED when interruptible and a signal came.
heddle_wait_result_t heddle_sleep(int64_t timeout_ns, bool interruptible);

// ---- Locks ---------------------------------------------------------------------------------

// A mutual exclusion lock that any thread may release. All-zero bytes are an unlocked lock; it
// needs no destruction, but must not go away while a thread waits for it.
typedef struct heddle_lock {
    uint32_t word;   // see runtime/include/heddle/lock.h for its states
    uint32_t owner;  // ident of the thread that acquired it last, for inspection only
} heddle_lock_t;

// Acquires; blocks up to timeout_ns (0: tries only). Not for the host thread unless timeout_ns is
// 0.
heddle_wait_result_t heddle_lock_acquire(heddle_lock_t* lock, int64_t timeout_ns,
                                         bool interruptible);
// Releases. EPERM, and nothing changed, if the lock is not held. Never blocks.
int heddle_lock_release(heddle_lock_t* lock);
// Whether some thread holds it at this moment. Never blocks.
bool heddle_lock_is_held(const heddle_lock_t* lock);

// ---- Threads -------------------------------------------------------------------------------

typedef struct heddle_thread_options {
    const char* name;    // UTF-8, copied, cut at HEDDLE_NAME_MAX; NULL: "Thread-<native id>"
    size_t stack_bytes;  // 0: heddle_thread_stack_size(); rounded up to a multiple of 4096
    bool joinable;       // true: somebody must call heddle_thread_join() or _detach()
    bool daemon;         // for inspection only
} heddle_thread_options_t;

// Runs entry(arg) in a new thread and gives its ident. Returns at once when a warm carrier is idle.
// Else it blocks until the host thread has made a carrier, and then until that is up (bounded by
// HEDDLE_CARRIER_START_LIMIT_NS, twice if a carrier that was on its way already does not come).
// Not for the host thread. EAGAIN: the limit of threads is reached, memory is out, or the host
// could not make a worker; EINVAL: stack_bytes is below HEDDLE_STACK_MIN. options may be NULL.
int heddle_thread_start(void (*entry)(void*), void* arg, const heddle_thread_options_t* options,
                        heddle_ident_t* ident_out);
// Longer than a host takes to notice that a worker does not start (8 s in js/src/workers).
#define HEDDLE_CARRIER_START_LIMIT_NS INT64_C(20000000000)

// Waits for a joinable thread to end and gives up its ident. 0; ETIMEDOUT; EINTR (interruptible
// only); ESRCH: no such joinable thread; EDEADLK: itself. Blocks; not for the host thread.
int heddle_thread_join(heddle_ident_t ident, int64_t timeout_ns, bool interruptible);
// Gives up the right to join. 0 or ESRCH. Never blocks.
int heddle_thread_detach(heddle_ident_t ident);
// Ends the calling thread without returning from its entry function. In the main thread or a
// foreign one it ends that thread in the platform's way. No C++ destructors run.
HEDDLE_NORETURN void heddle_thread_exit(void);

heddle_ident_t heddle_thread_self(void);
uint32_t heddle_thread_native_id(void);
// Names the calling thread (UTF-8, copied, cut at HEDDLE_NAME_MAX).
void heddle_thread_set_name(const char* name);
// Threads alive now, the main thread and foreign ones included.
uint32_t heddle_thread_count(void);

// Bytes of stack for threads that ask for 0.
size_t heddle_thread_stack_size(void);
// EINVAL below HEDDLE_STACK_MIN; 0 restores the default. Holds for threads started later.
int heddle_thread_set_stack_size(size_t bytes);
// Bytes of stack that the calling thread really has (0 if not known).
size_t heddle_thread_own_stack_bytes(void);

// At most this many threads started by heddle_thread_start() are alive at once (default 256).
void heddle_thread_set_limit(uint32_t max_threads);
// Makes carriers until `count` are idle or on their way, and keeps at most that many idle from then
// on; of calls that disagree the last one counts. It may wait until the host thread has made each
// of them, and does not wait until they are up. Not for the host thread.
void heddle_thread_warm(uint32_t count);

// Writes a JSON array with one object for each thread alive: ident, nativeId, name, main, daemon,
// state ("starting" | "running" | "waiting" | "ended"), waitingOn (null or {kind, address}), heldBy
// (null or an ident), sinceMs (how long it has waited), leftMs (how long it will go on at most;
// null: without a limit), stackBytes. Returns the bytes needed without the final 0, which may be
// more than capacity (then the text is cut). Waits 50 ms at most for internal locks; what it could
// not look at by then is left out. The host thread may call it.
size_t heddle_threads_snapshot(char* buffer, size_t capacity);

// ---- Thread-specific storage ------------------------------------------------------------------

#define HEDDLE_TSS_MAX 128
// Gives a new key, whose value is NULL in all threads. EAGAIN when HEDDLE_TSS_MAX keys are in use.
int heddle_tss_create(uint32_t* key_out);
// Forgets the key and all its values; the values themselves stay the caller's.
void heddle_tss_delete(uint32_t key);
void* heddle_tss_get(uint32_t key);
// EINVAL for a key not in use.
int heddle_tss_set(uint32_t key, void* value);

// ---- Simulated signals -------------------------------------------------------------------------
//
// A signal here is a number with a handler. Posting it calls the handler at once on the *posting*
// thread, so a handler must do no more than an async-signal-safe one could (CPython's sets a flag);
// then the main thread is woken from an interruptible wait, so that it can act on the flag (unless
// it is the main thread that posts: it is awake).

typedef void (*heddle_signal_handler_t)(int signum);
#define HEDDLE_SIG_DEFAULT ((heddle_signal_handler_t)0)
// Not 1: in WebAssembly a function pointer is an index into a table, and 1 is the first function.
#define HEDDLE_SIG_IGNORE ((heddle_signal_handler_t) - 2)

// Makes the calling thread the main thread. Call once, first thing in main().
void heddle_main_thread_attach(void);
bool heddle_thread_is_main(void);

// Sets the handler of signum and gives the former one (previous_out may be NULL). EINVAL outside
// 1..HEDDLE_NSIG-1.
int heddle_signal_set_handler(int signum, heddle_signal_handler_t handler,
                              heddle_signal_handler_t* previous_out);
// Posts signum. While the main thread blocks it (signals.h) it stays pending; otherwise nothing
// happens where its handler is default or ignore. EINVAL outside 1..HEDDLE_NSIG-1. Never blocks; the
// host thread may call it.
int heddle_signal_post(int signum);
// Ends the main thread's interruptible wait, now or, if it is not waiting, its next one, without a
// signal: for callers that have set a flag of their own for it. Never blocks.
void heddle_main_thread_interrupt(void);
// Takes back an interrupt that the main thread has not seen yet; true if there was one. Only the
// main thread may call it.
bool heddle_main_thread_take_interrupt(void);

// ---- For hosts ---------------------------------------------------------------------------------

// The host says that the carrier with this token (see platform.h) cannot be had: its worker was not
// made, did not load, or ended by an error. Its start fails with EAGAIN, or, if a thread was
// running on it, that thread counts as ended. The carrier must not run again, and the memory of its
// stack must not have been freed yet. True if a thread was running on it: the locks that it held
// stay held. Any thread, the host thread too; never blocks.
bool heddle_carrier_failed(uintptr_t token);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_HEDDLE_H_
