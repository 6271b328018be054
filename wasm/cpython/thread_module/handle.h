// Thread handle: what is known about one thread, and how others wait for its end.
// SPDX-License-Identifier: MIT
//
// Overview
//   A handle is shared by its thread, by Python's _ThreadHandle objects (one at most), and by
//   whoever waits for it. It is counted, because the thread still needs it when its Python thread
//   state is gone. Creating one needs the GIL; add_ref() and drop_ref() do not.
//
// States
//   not_started -> starting -> running -> done
//                     |                    ^
//                     +---- start failed --+
//
//   from          to         by
//   not_started   starting   begin_start(): one caller wins
//   starting      running    mark_running(): the starter and the thread itself, whoever is first
//   starting      done       mark_failed(): the starter
//   running       done       reaping: join(), set_done()
//
// Ended and done
//   `ended` is set by the thread as its very last step with the handle, so it says that the thread
//   runs no Python code any more. `done` says that the core's thread is also reaped.
//
// Invariants
//   H1  ident_ and joinable_ are set before state_ becomes running (release) and do not change
//       later. Readers look at state_ first (acquire), or can do with an ident of 0.
//   H2  The core's thread is reaped once: under reap_lock_, by whoever turns running into done; or
//       by the last drop_ref(), when nobody else can.
//   H3  Both the starter and the thread itself call mark_running() with the same ident. So neither
//       has to wait for the other: the thread runs before the starter has the GIL back.
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_H_

#include <atomic>
#include <cstdint>

#include "cpython/cpython_internals.h"
#include "cpython/thread_module/shutdown_list.h"
#include "heddle/event.h"
#include "heddle/heddle.h"
#include "heddle/lock.h"

namespace heddle::thread_module {

class ThreadHandle {
  public:
    // A new handle with one reference; null with MemoryError set.
    static ThreadHandle* create();

    ThreadHandle* add_ref();
    // The last one detaches the core's thread if it is still there.
    void drop_ref();

    // The thread's ident; 0 before it runs.
    PyThread_ident_t ident() const { return ident_.load(std::memory_order_relaxed); }
    bool has_ended() const { return ended_.is_set(); }

    // ---- For those who start threads ----
    // not_started -> starting; false with RuntimeError set if it was started before.
    bool begin_start(bool joinable);
    void mark_running(PyThread_ident_t ident);
    void mark_failed();
    // The thread's last step but drop_ref(). Does not need the GIL.
    void mark_ended();

    // ---- For those who wait; all need the GIL and release it during the wait ----
    // Waits for the end of the thread, or timeout_ns (negative: forever). True when it ended or the
    // time was over; false with an exception set: not started, the calling thread itself, or raised
    // by a signal handler.
    bool join(int64_t timeout_ns);
    // The same without the checks: for handles whose thread is on its way.
    bool wait_and_reap(int64_t timeout_ns);
    // Counts the thread as ended from now on, whatever it does. False with an exception set.
    bool set_done();

    ShutdownLinks shutdown_links;  // see shutdown_list.h

  private:
    enum class State : uint32_t { not_started, starting, running, done };

    ThreadHandle() = default;
    ~ThreadHandle() = default;

    bool check_started() const;
    bool reap(int (*how)(heddle_ident_t), const char* error);

    std::atomic<uint32_t> refs_{1};
    std::atomic<State> state_{State::not_started};
    std::atomic<PyThread_ident_t> ident_{0};  // H1
    bool joinable_ = false;                   // H1: there is a thread of the core to reap
    Event ended_;
    Lock reap_lock_;  // H2; taken without the GIL
};

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_HANDLE_H_
