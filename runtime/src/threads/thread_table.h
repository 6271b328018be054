// Thread table: one static record for each thread, with its ident, name, state and wait.
// SPDX-License-Identifier: MIT
//
// Overview
//   Record 0 is the main thread's; started and foreign threads take the others. Record i has
//   sleeper i (park/sleeper.h), where its ident is and what it waits for. Records are never freed
//   memory: a late reader sees another thread's data at worst, and idents (generation and index)
//   tell the two apart.
//
// Lifetime of a record
//   free -> starting (a start reserves it) -> running -> free, or, for a joinable thread that
//   nobody joined yet, ended -> free. Foreign threads begin at running.
//
// Invariants
//   T1  The sleeper's ident is 0 exactly while the record is free; it changes under the table's
//       lock (Z1).
//   T2  A record is freed once: by the end of a thread that is not joinable, or by whoever takes
//       `joinable` from true to false after its end. Both happen under the table's lock.
//   T3  `done` is set to 1 before joiners are unparked, and they re-check it and the ident.
#ifndef HEDDLE_THREAD_TABLE_H_
#define HEDDLE_THREAD_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/thread.h"
#include "heddle/wait.h"
#include "park/sleeper.h"
#include "park/word_lock.h"

namespace heddle {

enum class ThreadState : uint8_t { free, starting, running, ended };

// What a record's owner is, for counting and showing.
enum class ThreadRole : uint8_t { foreign, main, started, helper };

extern constinit WordLock g_table_lock;

// All zeros at first: see Sleeper.
struct alignas(64) ThreadRecord {
    // 1 once the thread has ended; joiners park on its address (T3).
    std::atomic<uint32_t> done{0};
    std::atomic<uint32_t> native_id{0};
    std::atomic<ThreadState> state{ThreadState::free};  // under the table's lock; read by anyone

    Sleeper& sleeper() const;
    // acquire: whoever reads an ident also sees the `done` of 0 that it came with (T1)
    heddle_ident_t ident() const { return sleeper().ident.load(std::memory_order_acquire); }

    // Set before the thread starts, kept until it is finished.
    ThreadRole role = ThreadRole::foreign;

    uint32_t generation HEDDLE_GUARDED_BY(g_table_lock) = 0;
    bool joinable HEDDLE_GUARDED_BY(g_table_lock) = false;
    bool daemon HEDDLE_GUARDED_BY(g_table_lock) = false;
    size_t stack_bytes HEDDLE_GUARDED_BY(g_table_lock) = 0;
    char name[HEDDLE_NAME_MAX + 1] HEDDLE_GUARDED_BY(g_table_lock) = {};
};

// What a new record starts with.
struct ThreadDescription {
    const char* name = nullptr;  // nullptr: "Thread-<native id>"
    ThreadRole role = ThreadRole::foreign;
    ThreadState state = ThreadState::running;
    size_t stack_bytes = 0;
    bool joinable = false;
    bool daemon = false;
};

// The calling thread's record; attaches a foreign thread on its first call.
ThreadRecord& this_thread_record();

// Gives a free record; nullptr when all are in use.
ThreadRecord* allocate_thread_record(const ThreadDescription& description);
// Takes back the record of a thread that never ran.
void free_thread_record(ThreadRecord& record);
// Marks it as running, in its own thread.
void mark_thread_running(ThreadRecord& record);
// Marks the thread as ended, frees the record if nobody can join it, and wakes joiners.
void finish_thread(ThreadRecord& record);
// Threads alive: starting or running, helpers left out.
uint32_t live_thread_count();

// One thread as it was at one moment.
struct ThreadView {
    uint32_t ident;
    uint32_t native_id;
    ThreadState state;
    ThreadRole role;
    bool daemon;
    WaitView wait;
    size_t stack_bytes;
    char name[HEDDLE_NAME_MAX + 1];
};
// Copies record `index` (below kMaxThreads); false if it is free, or if the table's lock cannot be
// had before the deadline.
bool view_thread(uint32_t index, Deadline deadline, ThreadView* view_out);
// The sleeper of the thread that `view` is of, or was: it may serve another one by now.
Sleeper& sleeper_of(const ThreadView& view);

// Whether `ident` names a joinable thread, and its record.
ThreadRecord* find_joinable(uint32_t ident);
// Gives up the right to join: false if there is no such joinable thread (any more).
bool give_up_join(ThreadRecord& record, uint32_t ident);

}  // namespace heddle

#endif  // HEDDLE_THREAD_TABLE_H_
