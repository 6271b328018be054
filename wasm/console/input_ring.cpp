// Input ring: feeding, and reading with a wait that a signal can end.
// SPDX-License-Identifier: MIT
#include "console/input_ring.h"

#include <algorithm>
#include <mutex>

#include "host/host.h"
#include "streams/io_wait.h"

namespace heddle {

size_t InputRing::feed(const uint8_t* data, size_t size) {
    if (at_end()) return 0;
    const uint32_t tail = tail_.load(std::memory_order_relaxed);  // our own (I1)
    // acquire: the reader has copied out what we are going to write over (I2)
    const uint32_t room = kBytes - (tail - head_.load(std::memory_order_acquire));
    const auto taken = static_cast<uint32_t>(std::min<size_t>(size, room));
    const uint32_t start = tail % kBytes;
    const uint32_t first = std::min(taken, kBytes - start);
    std::memcpy(bytes_ + start, data, first);
    std::memcpy(bytes_, data + first, taken - first);
    tail_.store(tail + taken, std::memory_order_release);  // I1
    if (taken > 0) {
        arrived_.ring();  // I4
        g_readiness.ring();
    }
    return taken;
}

void InputRing::end_of_file() {
    if (stays_open() && !has_waiter()) return;
    end_.store(true, std::memory_order_release);  // after the bytes fed before it
    arrived_.ring();                              // I4
    g_readiness.ring();
}

uint32_t InputRing::available() const {
    // acquire: pairs with the store in feed() (I1)
    const uint32_t tail = tail_.load(std::memory_order_acquire);
    return tail - head_.load(std::memory_order_relaxed);
}

bool InputRing::readable() const { return available() > 0 || at_end(); }

void InputRing::ask(uint32_t seen) {
    asked_at_.store(seen, std::memory_order_release);
    waiting_.fetch_add(1, std::memory_order_release);
    heddle_host_notify(HEDDLE_EVENT_INPUT);
}

void InputRing::stop_asking() { waiting_.fetch_sub(1, std::memory_order_release); }

void InputRing::note_interest(int change) {
    if (change > 0) {
        ask(arrived_.count());
    } else {
        stop_asking();
    }
}

WaitResult InputRing::wait_until(FunctionRef<bool()> ready, Deadline deadline) {
    bool asked = false;
    WaitResult result = WaitResult::acquired;
    for (;;) {
        const uint32_t seen = arrived_.count();
        if (ready()) {
            result = WaitResult::acquired;
            break;
        }
        if (result != WaitResult::acquired) break;
        if (is_over(deadline)) {
            result = WaitResult::timed_out;
            break;
        }
        if (!asked) ask(seen);  // I5
        asked = true;
        result = arrived_.wait(seen, deadline, Interruptible::yes);
    }
    if (asked) stop_asking();
    return result;
}

uint32_t InputRing::line_bytes() const {
    const uint32_t head = head_.load(std::memory_order_relaxed);  // we hold readers_ (I2)
    const uint32_t size = available();
    for (uint32_t i = 0; i < size; i++) {
        if (bytes_[(head + i) % kBytes] == '\n') return i + 1;
    }
    return 0;
}

void InputRing::take(Scatter& into, uint32_t size) {
    const uint32_t head = head_.load(std::memory_order_relaxed);  // we hold readers_ (I2)
    const uint32_t start = head % kBytes;
    const uint32_t first = std::min(size, kBytes - start);
    into.put(bytes_ + start, first);
    into.put(bytes_, size - first);
    head_.store(head + size, std::memory_order_release);  // I2
}

ssize_t InputRing::read(Scatter& into, Deadline deadline, bool terminal) {
    if (into.left() == 0) return 0;
    WaitResult result = readers_.acquire(deadline, Interruptible::yes, WaitKind::io);
    if (result != WaitResult::acquired) return -wait_errno(result);
    const std::lock_guard<Lock> served(readers_, std::adopt_lock);

    result = wait_until([this] { return readable(); }, deadline);
    if (result != WaitResult::acquired) return -wait_errno(result);
    // The mark is read before the bytes: bytes fed before it must not be missed.
    const bool end = at_end();
    auto size = static_cast<uint32_t>(std::min<size_t>(into.left(), available()));
    if (size == 0) {
        if (end && (terminal || stays_open())) end_.store(false, std::memory_order_release);  // I3
        return 0;
    }
    const uint32_t line = terminal ? line_bytes() : 0;
    if (line > 0) size = std::min(size, line);
    take(into, size);
    return static_cast<ssize_t>(size);
}

ssize_t InputRing::read_line(const char* prompt, char* buffer, size_t capacity, bool terminal) {
    if (capacity == 0) return 0;
    WaitResult result = readers_.acquire(kNever, Interruptible::yes, WaitKind::io);
    if (result != WaitResult::acquired) return -wait_errno(result);
    const std::lock_guard<Lock> served(readers_, std::adopt_lock);

    const auto limit = static_cast<uint32_t>(std::min<size_t>(capacity, kBytes));
    prompt_.show(prompt);
    result =
        wait_until([&] { return line_bytes() > 0 || at_end() || available() >= limit; }, kNever);
    prompt_.show(nullptr);
    if (result != WaitResult::acquired) return -wait_errno(result);

    const bool end = at_end();  // before the bytes, as in read()
    const uint32_t line = line_bytes();
    const uint32_t size = std::min(limit, line > 0 ? line : available());
    if (size == 0) {
        if (end && (terminal || stays_open())) end_.store(false, std::memory_order_release);  // I3
        return 0;
    }
    const __wasi_iovec_t piece{reinterpret_cast<uint8_t*>(buffer), capacity};
    Scatter into(&piece, 1);
    take(into, size);
    return static_cast<ssize_t>(size);
}

}  // namespace heddle
