// Parking lot: queues of sleeping threads, kept outside the objects that they sleep on.
// SPDX-License-Identifier: MIT
#include "heddle/parking_lot.h"

#include <atomic>

#include "base/fatal.h"
#include "park/interrupt.h"
#include "park/parker.h"
#include "park/parking_lot_internal.h"
#include "park/sleeper.h"
#include "park/word_lock.h"

namespace heddle {

namespace {

// One wait of one thread; lives on its stack (P2).
struct Waiter {
    const void* address;
    void* park_arg;
    Sleeper* sleeper;
    int64_t since_ns;
    WaitKind kind;
    Waiter* next = nullptr;            // under the bucket's lock
    Waiter* previous = nullptr;        // under the bucket's lock
    uintptr_t token = 0;               // written before granted, read after it
    std::atomic<bool> granted{false};  // set by the unparker, last (P2)
};

struct alignas(64) Bucket {
    WordLock lock;
    Waiter* first HEDDLE_GUARDED_BY(lock) = nullptr;
    Waiter* last HEDDLE_GUARDED_BY(lock) = nullptr;
    int64_t next_fair_ns HEDDLE_GUARDED_BY(lock) = 0;  // no time_is_fair before this moment
};

constexpr uint32_t kBucketBits = 8;
constinit Bucket g_buckets[1U << kBucketBits];

Bucket& bucket_of(const void* address) {
    // Fibonacci hashing: the high bits of the product depend on all bits of the address.
    const auto bits = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(address));
    return g_buckets[(bits * 0x9E3779B97F4A7C15U) >> (64 - kBucketBits)];
}

void enqueue(Bucket& bucket, Waiter& waiter) HEDDLE_REQUIRES(bucket.lock) {
    waiter.previous = bucket.last;
    (bucket.last == nullptr ? bucket.first : bucket.last->next) = &waiter;
    bucket.last = &waiter;
}

void dequeue(Bucket& bucket, Waiter& waiter) HEDDLE_REQUIRES(bucket.lock) {
    HEDDLE_ASSERT(waiter.previous != nullptr || bucket.first == &waiter,
                  reinterpret_cast<uintptr_t>(waiter.address));  // P1
    (waiter.previous == nullptr ? bucket.first : waiter.previous->next) = waiter.next;
    (waiter.next == nullptr ? bucket.last : waiter.next->previous) = waiter.previous;
}

// The first waiter of the address, at or after `waiter`.
Waiter* find(Waiter* waiter, const void* address) {
    while (waiter != nullptr && waiter->address != address) waiter = waiter->next;
    return waiter;
}

// Ends the wait of a dequeued waiter. Gives the park word to notify when the bucket's lock is
// released; the waiter is gone (P2).
std::atomic<uint32_t>& grant(Waiter& waiter, uintptr_t token) {
    HEDDLE_ASSERT(!waiter.granted.load(std::memory_order_relaxed), token);  // P1
    std::atomic<uint32_t>& park_word = waiter.sleeper->park_word;
    waiter.token = token;
    // release: pairs with the acquire in sleep_in_queue(); passes on what the unparker did
    waiter.granted.store(true, std::memory_order_release);
    return park_word;
}

// Shows a wait while it lasts, and then again what was shown before (waits nest).
class WaitShowing {
  public:
    WaitShowing(ShownWait& shown, const WaitView& view) : shown_(shown), before_(shown.load()) {
        shown_.store(view);
    }
    ~WaitShowing() { shown_.store(before_); }
    WaitShowing(const WaitShowing&) = delete;
    WaitShowing& operator=(const WaitShowing&) = delete;

  private:
    ShownWait& shown_;
    const WaitView before_;
};

// Takes the waiter out of the queue; false if an unparker was faster (P1).
bool leave_queue(Bucket& bucket, Waiter& waiter) {
    WordGuard guard(bucket.lock);
    // relaxed: granted changes only under the bucket's lock, which we hold
    if (waiter.granted.load(std::memory_order_relaxed)) return false;
    dequeue(bucket, waiter);
    return true;
}

// Sleeps until the queued waiter is granted, its deadline, or an interrupt. Each round looks for
// all news before it sleeps (P3), so waking early is harmless.
ParkOutcome sleep_in_queue(Bucket& bucket, Waiter& waiter, Deadline deadline, bool can_interrupt) {
    bool may_spin = may_end_soon(waiter.kind);
    for (;;) {
        // acquire: pairs with the release in grant()
        if (waiter.granted.load(std::memory_order_acquire)) break;
        if (can_interrupt && interrupt_is_posted()) {
            if (!leave_queue(bucket, waiter)) break;  // the flag stays for the next wait
            (void)take_interrupt();
            return {ParkResult::interrupted, 0};
        }
        if (is_over(deadline)) {
            if (!leave_queue(bucket, waiter)) break;
            return {ParkResult::timed_out, 0};
        }
        std::atomic<uint32_t>& park_word = waiter.sleeper->park_word;
        if (may_spin) spin_while_empty(park_word, deadline, waiter.sleeper->spins);
        may_spin = false;
        sleep_on_park_word(park_word, deadline);
    }
    return {ParkResult::unparked, waiter.token};
}

}  // namespace

ParkOutcome ParkingLot::park(const ParkRequest& request, FunctionRef<bool()> validate,
                             FunctionRef<void()> before_sleep) {
    Sleeper& sleeper = this_sleeper();
    const bool can_interrupt = request.interruptible == Interruptible::yes && is_main_thread();
    const int64_t since_ns = request.since_ns != 0 ? request.since_ns : now_ns();
    Waiter waiter{.address = request.address,
                  .park_arg = request.park_arg,
                  .sleeper = &sleeper,
                  .since_ns = since_ns,
                  .kind = request.kind};
    const WaitShowing showing(sleeper.wait, {.kind = request.kind,
                                             .target = request.target,
                                             .address = request.address,
                                             .since_ns = since_ns,
                                             .deadline = request.deadline});
    Bucket& bucket = bucket_of(request.address);
    {
        WordGuard guard(bucket.lock);
        if (!validate()) return {ParkResult::invalid, 0};
        // An interrupt that is already here is not worth a before_sleep().
        if (can_interrupt && take_interrupt()) return {ParkResult::interrupted, 0};
        enqueue(bucket, waiter);
    }
    before_sleep();
    return sleep_in_queue(bucket, waiter, request.deadline, can_interrupt);
}

void ParkingLot::unpark_one(const void* address,
                            FunctionRef<uintptr_t(const UnparkInfo&)> callback) {
    Bucket& bucket = bucket_of(address);
    std::atomic<uint32_t>* park_word = nullptr;
    {
        WordGuard guard(bucket.lock);
        Waiter* waiter = find(bucket.first, address);
        if (waiter == nullptr) {
            callback({});
            return;
        }
        const int64_t now = now_ns();
        const UnparkInfo info = {
            .did_unpark = true,
            .has_more = find(waiter->next, address) != nullptr,
            .park_arg = waiter->park_arg,
            .time_is_fair = now - waiter->since_ns > kFairAfterNs && now >= bucket.next_fair_ns,
        };
        if (info.time_is_fair) bucket.next_fair_ns = now + kFairAfterNs;
        dequeue(bucket, *waiter);
        park_word = &grant(*waiter, callback(info));
    }
    notify_park_word(*park_word);
}

uint32_t ParkingLot::unpark(const void* address, uint32_t max_count) {
    Bucket& bucket = bucket_of(address);
    // Notified after the bucket's lock is released; those that do not fit here, before.
    constexpr uint32_t kLater = 64;
    std::atomic<uint32_t>* later[kLater];
    uint32_t count = 0;
    {
        WordGuard guard(bucket.lock);
        Waiter* waiter = find(bucket.first, address);
        for (; waiter != nullptr && count < max_count; count++) {
            Waiter* const next = find(waiter->next, address);
            dequeue(bucket, *waiter);
            std::atomic<uint32_t>& park_word = grant(*waiter, 0);
            if (count < kLater) {
                later[count] = &park_word;
            } else {
                notify_park_word(park_word);
            }
            waiter = next;
        }
    }
    for (uint32_t i = 0; i < count && i < kLater; i++) notify_park_word(*later[i]);
    return count;
}

uint32_t ParkingLot::count_waiters(const void* address) {
    Bucket& bucket = bucket_of(address);
    WordGuard guard(bucket.lock);
    uint32_t count = 0;
    for (Waiter* waiter = find(bucket.first, address); waiter != nullptr;
         waiter = find(waiter->next, address)) {
        count++;
    }
    return count;
}

void with_waiter(const void* address, const Sleeper& sleeper, Deadline deadline,
                 FunctionRef<void(WaitKind)> look) {
    Bucket& bucket = bucket_of(address);
    if (!bucket.lock.try_lock_until(deadline)) return;
    Waiter* waiter = find(bucket.first, address);
    while (waiter != nullptr && waiter->sleeper != &sleeper) waiter = find(waiter->next, address);
    if (waiter != nullptr) look(waiter->kind);
    bucket.lock.unlock();
}

void forget_waiters_of(Sleeper& sleeper) {
    for (Bucket& bucket : g_buckets) {
        WordGuard guard(bucket.lock);
        for (Waiter* waiter = bucket.first; waiter != nullptr;) {
            Waiter* const next = waiter->next;
            if (waiter->sleeper == &sleeper) {
                dequeue(bucket, *waiter);
                (void)grant(*waiter, 0);  // P1
            }
            waiter = next;
        }
    }
    // Nobody should be there to hear it; a carrier that the host gave up too soon goes home by it.
    notify_park_word(sleeper.park_word);
}

}  // namespace heddle
