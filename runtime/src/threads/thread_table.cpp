// Thread table: one static record for each thread, with its ident, name, state and wait.
// SPDX-License-Identifier: MIT
#include "threads/thread_table.h"

#include <cstring>

#include "base/fatal.h"
#include "base/platform.h"
#include "heddle/parking_lot.h"
#include "heddle/text_writer.h"
#include "park/word_lock.h"

namespace heddle {

constinit WordLock g_table_lock;

namespace {

constinit ThreadRecord g_records[kMaxThreads];
// The search for a free record goes round, so that idents come back late.
constinit uint32_t g_next_index HEDDLE_GUARDED_BY(g_table_lock) = 1;
constinit uint32_t g_next_native_id HEDDLE_GUARDED_BY(g_table_lock) = kMainNativeId + 1;
// Written under g_table_lock, read by anyone.
constinit std::atomic<uint32_t> g_in_use{0};
constinit std::atomic<uint32_t> g_live{0};

constexpr uint32_t kIndexBits = 10;
constexpr uint32_t kMaxGeneration = UINT32_MAX >> kIndexBits;
static_assert(kMaxThreads == 1U << kIndexBits);
static_assert(kMaxThreads == kMaxSleepers, "record i has sleeper i");
static_assert(kMaxStartedThreads < kMaxThreads);

uint32_t index_of(const ThreadRecord& record) { return static_cast<uint32_t>(&record - g_records); }

// relaxed throughout: counts are for inspection and tests
void add(std::atomic<uint32_t>& count) { count.fetch_add(1, std::memory_order_relaxed); }
void subtract(std::atomic<uint32_t>& count) { count.fetch_sub(1, std::memory_order_relaxed); }

void default_name(char* name, uint32_t native_id) {
    TextWriter text(name, HEDDLE_NAME_MAX + 1);
    text.put("Thread-");
    text.put_number(native_id);
    text.finish();
}

void fill_record(ThreadRecord& record, uint32_t native_id, const ThreadDescription& description)
    HEDDLE_REQUIRES(g_table_lock) {
    HEDDLE_ASSERT(record.ident() == 0, index_of(record));  // T1
    record.generation = record.generation == kMaxGeneration ? 1 : record.generation + 1;
    record.role = description.role;
    record.joinable = description.joinable;
    record.daemon = description.daemon;
    record.stack_bytes = description.stack_bytes;
    if (description.name != nullptr) {
        copy_utf8(record.name, sizeof record.name, description.name);
    } else {
        default_name(record.name, native_id);
    }
    // relaxed: idents reach other threads through the release store below or the table's lock
    record.native_id.store(native_id, std::memory_order_relaxed);
    record.sleeper().wait.store({});
    record.done.store(0, std::memory_order_relaxed);
    record.state.store(description.state, std::memory_order_relaxed);
    // release: whoever reads this ident sees done == 0; pairs with the acquire in the join path
    record.sleeper().ident.store(record.generation << kIndexBits | index_of(record),
                                 std::memory_order_release);
    add(g_in_use);
    if (description.role != ThreadRole::helper) add(g_live);
}

// T1, T2
void clear_record(ThreadRecord& record) HEDDLE_REQUIRES(g_table_lock) {
    HEDDLE_ASSERT(record.ident() != 0, index_of(record));
    record.sleeper().ident.store(0, std::memory_order_release);
    record.state.store(ThreadState::free, std::memory_order_relaxed);
    record.joinable = false;
    subtract(g_in_use);
}

ThreadRecord* find_free_record() HEDDLE_REQUIRES(g_table_lock) {
    for (uint32_t i = 0; i < kMaxThreads; i++) {
        const uint32_t index = (g_next_index + i) % kMaxThreads;
        if (index == 0 || g_records[index].ident() != 0) continue;
        g_next_index = index + 1;
        return &g_records[index];
    }
    return nullptr;
}

}  // namespace

Sleeper& ThreadRecord::sleeper() const { return sleeper_at(index_of(*this)); }

ThreadRecord& this_thread_record() { return g_records[heddle::index_of(this_sleeper())]; }

ThreadRecord* allocate_thread_record(const ThreadDescription& description) {
    WordGuard guard(g_table_lock);
    ThreadRecord* record = find_free_record();
    if (record == nullptr) return nullptr;
    fill_record(*record, g_next_native_id++, description);
    // A record whose owner was killed (heddle_carrier_failed) may hold an old notification.
    record->sleeper().park_word.store(0, std::memory_order_relaxed);  // Z3
    return record;
}

void free_thread_record(ThreadRecord& record) {
    WordGuard guard(g_table_lock);
    if (record.role != ThreadRole::helper) subtract(g_live);
    clear_record(record);
}

void mark_thread_running(ThreadRecord& record) {
    WordGuard guard(g_table_lock);
    record.state.store(ThreadState::running, std::memory_order_relaxed);
}

void finish_thread(ThreadRecord& record) {
    {
        WordGuard guard(g_table_lock);
        HEDDLE_ASSERT(record.done.load(std::memory_order_relaxed) == 0, index_of(record));  // K3
        if (record.role != ThreadRole::helper) subtract(g_live);
        record.sleeper().wait.store({});
        record.state.store(ThreadState::ended, std::memory_order_relaxed);
        // release: a joiner that sees the end sees everything the thread did (T3)
        record.done.store(1, std::memory_order_release);
        if (!record.joinable) clear_record(record);
    }
    // The record may serve another thread by now; its joiners then look once more.
    ParkingLot::unpark_all(&record.done);
}

uint32_t live_thread_count() { return g_live.load(std::memory_order_relaxed); }

uint32_t thread_records_in_use() { return g_in_use.load(std::memory_order_relaxed); }

bool view_thread(uint32_t index, Deadline deadline, ThreadView* view_out) {
    ThreadRecord& record = g_records[index];
    if (record.ident() == 0) return false;  // a guess, checked below
    if (!g_table_lock.try_lock_until(deadline)) return false;
    ThreadView& view = *view_out;
    view.ident = record.ident();
    view.native_id = record.native_id.load(std::memory_order_relaxed);
    view.state = record.state.load(std::memory_order_relaxed);
    view.role = record.role;
    view.daemon = record.daemon;
    view.wait = record.sleeper().wait.load();
    view.stack_bytes = record.stack_bytes;
    memcpy(view.name, record.name, sizeof view.name);
    g_table_lock.unlock();
    return view.ident != 0;
}

Sleeper& sleeper_of(const ThreadView& view) { return sleeper_at(view.ident & (kMaxThreads - 1)); }

ThreadRecord* find_joinable(uint32_t ident) {
    ThreadRecord& record = g_records[ident & (kMaxThreads - 1)];
    WordGuard guard(g_table_lock);
    const bool found = ident != 0 && record.joinable && record.ident() == ident;
    return found ? &record : nullptr;
}

bool give_up_join(ThreadRecord& record, uint32_t ident) {
    WordGuard guard(g_table_lock);
    if (!record.joinable || record.ident() != ident) return false;
    record.joinable = false;
    if (record.state.load(std::memory_order_relaxed) == ThreadState::ended) clear_record(record);
    return true;
}

namespace internal {

uint32_t attach_foreign_thread() {
    ThreadRecord* record = allocate_thread_record({.stack_bytes = platform::own_stack_bytes()});
    if (record == nullptr) {
        fatal("attach_foreign_thread", "more threads than the table holds", kMaxThreads);
    }
    set_this_sleeper(&record->sleeper());
    platform::call_on_thread_exit();
    return t_ident;
}

void forget_this_thread() {
    if (this_sleeper_or_null() == nullptr) return;
    ThreadRecord& record = this_thread_record();
    set_this_sleeper(nullptr);
    finish_thread(record);
}

}  // namespace internal

}  // namespace heddle

using namespace heddle;

extern "C" {

heddle_ident_t heddle_thread_self(void) { return this_thread_ident(); }

uint32_t heddle_thread_native_id(void) {
    return this_thread_record().native_id.load(std::memory_order_relaxed);  // its own
}

void heddle_thread_set_name(const char* name) {
    ThreadRecord& record = this_thread_record();
    WordGuard guard(g_table_lock);
    copy_utf8(record.name, sizeof record.name, name);
}

uint32_t heddle_thread_count(void) { return live_thread_count(); }

void heddle_main_thread_attach(void) {
    if (is_main_thread()) return;
    internal::forget_this_thread();  // it may have been a foreign thread until now
    ThreadRecord& record = g_records[0];
    {
        WordGuard guard(g_table_lock);
        const heddle_ident_t former = record.ident();
        if (former != 0) {
            fatal("heddle_main_thread_attach", "there is a main thread already", former);
        }
        fill_record(record, kMainNativeId,
                    {.name = "MainThread",
                     .role = ThreadRole::main,
                     .stack_bytes = platform::own_stack_bytes()});
    }
    set_this_sleeper(&main_sleeper());
    platform::call_on_thread_exit();
}

bool heddle_thread_is_main(void) { return is_main_thread(); }

}  // extern "C"
