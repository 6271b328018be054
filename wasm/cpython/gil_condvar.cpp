// The GIL's mutex and condition: the core's Lock and Condition in the bytes of libc's types.
// SPDX-License-Identifier: MIT
//
// See gil_condvar.h. All waits are shown as "interpreter" in the thread snapshot.
#include "cpython/gil_condvar.h"

#include <pthread.h>

#include <new>

#include "heddle/condition.h"
#include "heddle/lock.h"

namespace {

using heddle::Condition;
using heddle::Interruptible;
using heddle::Lock;
using heddle::WaitKind;
using heddle::WaitResult;

static_assert(sizeof(Lock) <= sizeof(pthread_mutex_t));
static_assert(alignof(Lock) <= alignof(pthread_mutex_t));
static_assert(sizeof(Condition) <= sizeof(pthread_cond_t));
static_assert(alignof(Condition) <= alignof(pthread_cond_t));

Lock& as_lock(void* mutex) { return *static_cast<Lock*>(mutex); }
Condition& as_condition(void* cond) { return *static_cast<Condition*>(cond); }

}  // namespace

void heddle_gil_mutex_init(void* mutex) { new (mutex) Lock; }

void heddle_gil_mutex_lock(void* mutex) {
    (void)as_lock(mutex).acquire(heddle::kNever, Interruptible::no, WaitKind::interpreter);
}

void heddle_gil_mutex_unlock(void* mutex) { as_lock(mutex).unlock(); }

void heddle_gil_cond_init(void* cond) { new (cond) Condition; }

void heddle_gil_cond_signal(void* cond) { as_condition(cond).notify_one(); }

void heddle_gil_cond_broadcast(void* cond) { as_condition(cond).notify_all(); }

void heddle_gil_cond_wait(void* cond, void* mutex) {
    (void)as_condition(cond).wait(as_lock(mutex), heddle::kNever, Interruptible::no,
                                  WaitKind::interpreter);
}

int heddle_gil_cond_timed_wait(void* cond, void* mutex, long long timeout_us) {
    const heddle::Deadline deadline = heddle::deadline_after(timeout_us * heddle::kMicrosecond);
    const WaitResult result =
        as_condition(cond).wait(as_lock(mutex), deadline, Interruptible::no, WaitKind::interpreter);
    return result == WaitResult::timed_out ? 1 : 0;
}
