// Thread handle: states, joining and reaping. See handle.h for the state diagram.
// SPDX-License-Identifier: MIT
#include "cpython/thread_module/handle.h"

#include <new>

#include "cpython/wait_without_gil.h"

namespace heddle::thread_module {
namespace {

int join_core_thread(heddle_ident_t ident) {
    return heddle_thread_join(ident, HEDDLE_FOREVER, /*interruptible=*/false);
}

}  // namespace

// ---- Lifetime --------------------------------------------------------------------------------

ThreadHandle* ThreadHandle::create() {
    void* memory = PyMem_RawMalloc(sizeof(ThreadHandle));
    if (memory == nullptr) {
        PyErr_NoMemory();
        return nullptr;
    }
    return new (memory) ThreadHandle;
}

ThreadHandle* ThreadHandle::add_ref() {
    refs_.fetch_add(1, std::memory_order_relaxed);  // the caller's own reference keeps it alive
    return this;
}

void ThreadHandle::drop_ref() {
    // acq_rel: the last one sees what all others did with the handle
    if (refs_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (joinable_ && state_.load(std::memory_order_relaxed) == State::running) {
        (void)heddle_thread_detach(static_cast<heddle_ident_t>(ident()));  // H2
    }
    this->~ThreadHandle();
    PyMem_RawFree(this);
}

// ---- Starting and ending ---------------------------------------------------------------------

bool ThreadHandle::begin_start(bool joinable) {
    State state = State::not_started;
    // relaxed: nothing is handed over yet
    if (!state_.compare_exchange_strong(state, State::starting, std::memory_order_relaxed)) {
        PyErr_SetString(PyExc_RuntimeError, "thread already started");
        return false;
    }
    joinable_ = joinable;
    return true;
}

void ThreadHandle::mark_running(PyThread_ident_t ident) {
    ident_.store(ident, std::memory_order_relaxed);
    State state = State::starting;
    // release: publishes ident_ and joinable_ (H1). Fails if the other caller was first (H3).
    state_.compare_exchange_strong(state, State::running, std::memory_order_release,
                                   std::memory_order_relaxed);
}

void ThreadHandle::mark_failed() {
    state_.store(State::done, std::memory_order_release);
    ended_.set();
}

void ThreadHandle::mark_ended() {
    ShutdownList::remove(this);
    ended_.set();
}

// ---- Waiting ---------------------------------------------------------------------------------

bool ThreadHandle::check_started() const {
    const State state = state_.load(std::memory_order_acquire);  // H1
    if (state == State::running || state == State::done) return true;
    PyErr_SetString(PyExc_RuntimeError, "thread not started");
    return false;
}

bool ThreadHandle::join(int64_t timeout_ns) {
    if (!check_started()) return false;
    // Once the thread has ended, its ident may belong to another one: to the caller, say.
    if (!has_ended() && ident() == PyThread_get_thread_ident_ex()) {
        PyErr_SetString(PyExc_RuntimeError, "Cannot join current thread");
        return false;
    }
    return wait_and_reap(timeout_ns);
}

bool ThreadHandle::wait_and_reap(int64_t timeout_ns) {
    if (!has_ended()) {
        if (timeout_ns == 0) return true;
        const PyLockStatus status = wait_without_gil(
            deadline_after(timeout_ns), [this](Deadline deadline, Interruptible interruptible) {
                return ended_.wait(deadline, interruptible, WaitKind::thread,
                                   static_cast<heddle_ident_t>(ident()));
            });
        if (status == PY_LOCK_INTR) return false;
        if (status == PY_LOCK_FAILURE) return true;
    }
    return reap(join_core_thread, "Failed joining thread");
}

bool ThreadHandle::set_done() {
    if (!check_started()) return false;
    if (!reap(heddle_thread_detach, "failed detaching handle")) return false;
    ended_.set();
    return true;
}

// Turns running into done, and joins or detaches the core's thread on the way (H2).
bool ThreadHandle::reap(int (*how)(heddle_ident_t), const char* error) {
    if (state_.load(std::memory_order_acquire) == State::done) return true;
    int failure = 0;
    Py_BEGIN_ALLOW_THREADS
    reap_lock_.lock();
    if (state_.load(std::memory_order_relaxed) != State::done) {
        if (joinable_) failure = how(static_cast<heddle_ident_t>(ident()));
        if (failure == 0) state_.store(State::done, std::memory_order_release);
    }
    reap_lock_.unlock();
    Py_END_ALLOW_THREADS
    if (failure == 0) return true;
    PyErr_SetString(PyExc_RuntimeError, error);
    return false;
}

}  // namespace heddle::thread_module
