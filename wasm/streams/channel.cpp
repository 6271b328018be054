// Channel: moving bytes, growing the ring, and waiting for the other end.
// SPDX-License-Identifier: MIT
#include "streams/channel.h"

#include <errno.h>
#include <poll.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <new>

#include "streams/io_wait.h"

namespace heddle {
namespace {

constexpr uint32_t kFirstAllocation = 4096;

}  // namespace

void Channel::changed() {
    changed_.ring();
    g_readiness.ring();
}

// Makes room for that many bytes more; false when memory is out.
bool Channel::reserve(uint32_t bytes) {
    if (allocated_ - size_ >= bytes) return true;
    uint32_t larger = std::max(allocated_, kFirstAllocation);
    while (larger - size_ < bytes) larger *= 2;
    std::unique_ptr<uint8_t[]> ring(new (std::nothrow) uint8_t[larger]);
    if (ring == nullptr) return false;
    const __wasi_iovec_t piece{ring.get(), size_};
    Scatter into(&piece, 1);
    copy_out(into, size_);
    bytes_ = std::move(ring);
    allocated_ = larger;
    start_ = 0;
    return true;
}

void Channel::copy_in(Gather& from, uint32_t bytes) {
    const uint32_t end = (start_ + size_) % allocated_;
    const uint32_t first = std::min(bytes, allocated_ - end);
    from.take(bytes_.get() + end, first);
    from.take(bytes_.get(), bytes - first);
    size_ += bytes;
}

void Channel::copy_out(Scatter& into, uint32_t bytes) const {
    const uint32_t first = std::min(bytes, allocated_ - start_);
    into.put(bytes_.get() + start_, first);
    into.put(bytes_.get(), bytes - first);
}

ssize_t Channel::read(Scatter& into, Deadline deadline, Peek peek) {
    if (into.left() == 0) return 0;
    for (;;) {
        const uint32_t seen = changed_.count();
        {
            std::unique_lock<Lock> held(lock_);
            if (reader_gone_) return -EBADF;
            if (size_ > 0) {
                const auto bytes = static_cast<uint32_t>(std::min<size_t>(into.left(), size_));
                copy_out(into, bytes);
                if (peek == Peek::no) {
                    size_ -= bytes;
                    start_ = size_ > 0 ? (start_ + bytes) % allocated_ : 0;
                    held.unlock();
                    changed();
                }
                return static_cast<ssize_t>(bytes);
            }
            if (writer_gone_) return 0;
        }
        const WaitResult waited = changed_.wait(seen, deadline, Interruptible::yes);
        if (waited != WaitResult::acquired) return -wait_errno(waited);
    }
}

ssize_t Channel::write(Gather& from, Deadline deadline, Atomic atomic) {
    const size_t total = from.left();
    const bool whole = atomic == Atomic::yes && total <= kAtomicBytes;
    const auto written = [&] { return static_cast<ssize_t>(total - from.left()); };
    // What to say when the write ends with this error after some bytes went.
    const auto end = [&](int error) { return written() > 0 ? written() : -error; };
    while (from.left() > 0) {
        const uint32_t seen = changed_.count();
        {
            std::unique_lock<Lock> held(lock_);
            if (reader_gone_ || writer_gone_) return end(EPIPE);
            const auto bytes = static_cast<uint32_t>(std::min<size_t>(from.left(), room()));
            if (bytes > 0 && (!whole || bytes == total)) {
                if (!reserve(bytes)) return end(ENOMEM);
                copy_in(from, bytes);
                held.unlock();
                changed();
                continue;
            }
        }
        const WaitResult waited = changed_.wait(seen, deadline, Interruptible::yes);
        if (waited != WaitResult::acquired) return end(wait_errno(waited));
    }
    return written();
}

void Channel::close_reader() {
    {
        const std::lock_guard<Lock> held(lock_);
        reader_gone_ = true;
        size_ = start_ = allocated_ = 0;  // nobody will read it
        bytes_.reset();
    }
    changed();
}

void Channel::close_writer() {
    {
        const std::lock_guard<Lock> held(lock_);
        writer_gone_ = true;
    }
    changed();
}

short Channel::read_readiness() {
    const std::lock_guard<Lock> held(lock_);
    short bits = size_ > 0 ? POLLIN | POLLRDNORM : 0;
    if (writer_gone_) bits |= POLLHUP;
    return bits;
}

short Channel::write_readiness(Atomic atomic) {
    const std::lock_guard<Lock> held(lock_);
    if (reader_gone_ || writer_gone_)
        return POLLERR | POLLOUT | POLLWRNORM;  // fails without a wait
    const uint32_t needed = atomic == Atomic::yes ? kAtomicBytes : 1;
    return room() >= needed ? POLLOUT | POLLWRNORM : 0;
}

uint32_t Channel::capacity() {
    const std::lock_guard<Lock> held(lock_);
    return capacity_;
}

int Channel::resize(uint32_t wanted) {
    if (wanted == 0) return -EINVAL;
    if (wanted > kLargestCapacity) return -EPERM;
    const uint32_t capacity = std::max(kAtomicBytes, std::bit_ceil(wanted));
    {
        const std::lock_guard<Lock> held(lock_);
        if (capacity < size_) return -EBUSY;
        capacity_ = capacity;
    }
    changed();  // there may be room now
    return static_cast<int>(capacity);
}

size_t Channel::available() {
    const std::lock_guard<Lock> held(lock_);
    return size_;
}

}  // namespace heddle
