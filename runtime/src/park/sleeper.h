// Sleeper: all that sleeping needs to know of a thread.
// SPDX-License-Identifier: MIT
//
// Overview
//   One static table, one sleeper for each thread: the word it sleeps on, how its spins went, what it is shown to wait
//   for, and its ident. The parking lot, interrupts and waits know sleepers and nothing else of threads, so this room
//   stands without the rooms above it. Sleeper 0 is the main thread's. threads/ gives out the others: record i of its
//   table uses sleeper i.
//
// Lifetime
//   The table is never freed, so a late wake-up touches no memory that is gone. A sleeper that serves another thread by
//   then looks for news once more, and finds none.
//
// Invariants
//   Z1  ident is 0 exactly while the sleeper serves no thread. It changes under the thread table's lock.
//   Z2  Only its own thread spins with `spins` and writes what is shown in `wait`; others may read `wait`.
//   Z3  park_word follows parker.h. It is emptied before the sleeper serves another thread.
#ifndef HEDDLE_SLEEPER_H_
#define HEDDLE_SLEEPER_H_

#include <atomic>
#include <cstdint>

#include "heddle/ident.h"
#include "heddle/wait.h"
#include "park/spin.h"

namespace heddle {

inline constexpr uint32_t kMaxSleepers = 1024;

// What a thread waits for, as it is shown to inspectors.
struct WaitView {
    WaitKind kind = WaitKind::none;
    heddle_ident_t target = 0;  // who is waited for, where it is known
    const void* address = nullptr;
    int64_t since_ns = 0;
    Deadline deadline = kNever;
};

// A WaitView that one thread writes and any may read. Relaxed throughout: a reader may see parts of two waits. A
// picture for people can bear that, and what lies behind the address is read only after it was found in a queue.
class ShownWait {
  public:
    WaitView load() const {
        return {.kind = kind_.load(std::memory_order_relaxed),
                .target = target_.load(std::memory_order_relaxed),
                .address = address_.load(std::memory_order_relaxed),
                .since_ns = since_ns_.load(std::memory_order_relaxed),
                .deadline = deadline_.load(std::memory_order_relaxed)};
    }
    void store(const WaitView& view) {
        target_.store(view.target, std::memory_order_relaxed);
        address_.store(view.address, std::memory_order_relaxed);
        since_ns_.store(view.since_ns, std::memory_order_relaxed);
        deadline_.store(view.deadline, std::memory_order_relaxed);
        kind_.store(view.kind, std::memory_order_relaxed);
    }

  private:
    std::atomic<WaitKind> kind_{WaitKind::none};
    std::atomic<heddle_ident_t> target_{0};
    std::atomic<const void*> address_{nullptr};
    std::atomic<int64_t> since_ns_{0};
    std::atomic<Deadline> deadline_{0};
};

// All zeros at first, as records and carriers are: the tables then take no bytes in a program's file.
struct alignas(64) Sleeper {
    std::atomic<uint32_t> park_word{0};    // Z3
    std::atomic<heddle_ident_t> ident{0};  // Z1
    SpinHistory spins;                     // Z2
    ShownWait wait;                        // Z2
};

namespace internal {
extern constinit Sleeper g_sleepers[kMaxSleepers];
// The calling thread's sleeper; null until it is attached.
extern constinit thread_local Sleeper* t_sleeper;
}  // namespace internal

inline Sleeper& sleeper_at(uint32_t index) { return internal::g_sleepers[index]; }
inline uint32_t index_of(const Sleeper& sleeper) {
    return static_cast<uint32_t>(&sleeper - internal::g_sleepers);
}

// The sleeper of the main thread (of whoever is or will be it).
inline Sleeper& main_sleeper() { return internal::g_sleepers[0]; }
inline bool is_main_thread() { return internal::t_sleeper == &main_sleeper(); }

// The calling thread's sleeper. Attaches a foreign thread on its first call.
inline Sleeper& this_sleeper() {
    if (internal::t_sleeper == nullptr) internal::attach_foreign_thread();
    return *internal::t_sleeper;
}
// The same without attaching: null for a thread that is not attached.
inline Sleeper* this_sleeper_or_null() { return internal::t_sleeper; }
// Makes the sleeper the calling thread's own (null: none). Its ident is set already.
void set_this_sleeper(Sleeper* sleeper);

}  // namespace heddle

#endif  // HEDDLE_SLEEPER_H_
