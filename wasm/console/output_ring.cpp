// Output ring: copying records in, telling the host, and waiting for room.
// SPDX-License-Identifier: MIT
#include "console/output_ring.h"

#include <errno.h>

#include <algorithm>

#include "host/host.h"
#include "streams/io_wait.h"

namespace heddle {

ssize_t OutputRing::write(uint32_t stream, Gather& from, Deadline deadline) {
    size_t written = 0;
    while (from.left() > 0) {
        const auto size = static_cast<uint32_t>(std::min<size_t>(from.left(), kMaxRecordBytes));
        const int error = put_record(stream, from, size, deadline);
        if (error < 0) return written > 0 ? static_cast<ssize_t>(written) : error;
        written += size;
    }
    return static_cast<ssize_t>(written);
}

int OutputRing::put_record(uint32_t stream, Gather& from, uint32_t size, Deadline deadline) {
    for (;;) {
        const uint32_t seen = room_.count();
        const WaitResult locked = lock_.acquire(deadline, Interruptible::yes, WaitKind::io);
        if (locked != WaitResult::acquired) return -wait_errno(locked);

        // relaxed: only changed under the lock, which we hold (O1)
        const uint32_t tail = tail_.load(std::memory_order_relaxed);
        // acquire: pairs with the store in consume(); the reader is done with that space (O2)
        const uint32_t used = tail - head_.load(std::memory_order_acquire);
        const uint32_t to_end = kBytes - tail % kBytes;
        const uint32_t record = record_bytes(size);
        const uint32_t filler = record > to_end ? to_end : 0;
        if (kBytes - used >= filler + record) {
            if (filler > 0) *header_at(tail) = Header{0, 0, filler - kAlign, 0};
            Header* header = header_at(tail + filler);
            *header = Header{stream, this_thread_ident(), size, 0};
            from.take(reinterpret_cast<uint8_t*>(header + 1), size);
            // seq_cst, both: O3. The store is also the release of O1.
            tail_.store(tail + filler + record, std::memory_order_seq_cst);
            const bool was_empty = head_.load(std::memory_order_seq_cst) == tail;
            lock_.unlock();
            if (was_empty) heddle_host_notify(HEDDLE_EVENT_OUTPUT);
            return 0;
        }
        lock_.unlock();
        const WaitResult waited = room_.wait(seen, deadline, Interruptible::yes);
        if (waited != WaitResult::acquired) return -wait_errno(waited);
    }
}

bool OutputRing::writable() const {
    // relaxed: a moment's answer, out of date anyway when the caller looks at it
    const uint32_t used =
        tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_relaxed);
    return used <= kBytes / 2;
}

bool OutputRing::peek(Record* out) {
    // Twice at most: in a ring that the program has damaged, fillers may follow each other for ever.
    for (int look = 0; look < 2; ++look) {
        const uint32_t head = head_.load(std::memory_order_relaxed);  // our own (O2)
        // seq_cst: O3. It is also the acquire of O1.
        if (tail_.load(std::memory_order_seq_cst) == head) return false;
        const Header* header = header_at(head);
        if (header->stream != 0) {
            *out = Record{header->stream, header->thread,
                          reinterpret_cast<const uint8_t*>(header + 1), header->size};
            return true;
        }
        // A filler: a record follows it, because both were published by one store of tail_.
        head_.store(head + kAlign + header->size, std::memory_order_seq_cst);
    }
    return false;
}

void OutputRing::consume(Wake wake) {
    Record record;
    if (!peek(&record)) return;
    const uint32_t head =
        head_.load(std::memory_order_relaxed) + record_bytes(record.size);  // our own (O2)
    // seq_cst: O3. It is also the release of O2.
    head_.store(head, std::memory_order_seq_cst);
    if (wake == Wake::writers && writable()) {  // O4
        room_.ring();
        g_readiness.ring();
    }
}

}  // namespace heddle
