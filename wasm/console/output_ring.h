// Output ring: the records of stdout and stderr on their way from all threads to the host.
// SPDX-License-Identifier: MIT
//
// Overview
//   Both streams share one ring, so that the host sees them in the order in which they were
//   written. A record is a 16-byte header {stream, thread ident, size} and its bytes, rounded up
//   to 16. It never wraps: where the ring's end is too near, a filler (stream 0) takes what is left
//   of it. Any thread writes. One thread, the host thread, reads, and never waits for anything.
//
// Positions
//   head_ and tail_ count bytes and wrap at 2**32, a multiple of the ring's size. The bytes between
//   them are complete records.
//
// Invariants
//   O1  tail_ is changed only under lock_. Header and bytes are stored before tail_ passes them.
//       The reader loads tail_ before it reads them.
//   O2  head_ is changed only by the reader, when it no longer looks at the bytes behind it. A
//       writer loads head_ before it writes there.
//   O3  No notification is lost. A writer stores tail_ and then loads head_. The reader stores
//       head_ and then loads tail_. All four are seq_cst, so there is one order of them.
//       If the reader found the ring empty, it read the tail_ before this record. So its store of
//       head_ precedes the writer's load: the writer sees head_ == old tail_ and notifies.
//       Otherwise the reader has seen the new tail_ and goes on by itself. (Both may happen: a
//       notification that finds nothing.) This needs a reader that goes on until peek() says 0.
//   O4  A blocked writer is woken. consume() rings room_ whenever at least half of the ring is
//       free, and no record needs more than half of it. So a reader that empties the ring rings
//       when the record fits. The half keeps writers and reader from waking each other for each
//       record.
//   O5  A writer waits without lock_, so others, with smaller records, may pass it.
#ifndef HEDDLE_WASM_CONSOLE_OUTPUT_RING_H_
#define HEDDLE_WASM_CONSOLE_OUTPUT_RING_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "heddle/lock.h"
#include "host/host.h"
#include "streams/bell.h"
#include "streams/buffers.h"

namespace heddle {

class OutputRing {
  public:
    static constexpr uint32_t kBytes = HEDDLE_CONSOLE_BYTES;
    // The most bytes of one write() that stay together. Longer ones become several records, between
    // which records of other threads may come.
    static constexpr uint32_t kMaxRecordBytes = 64 * 1024;

    struct Record {
        uint32_t stream;  // 1 stdout, 2 stderr
        uint32_t thread;  // ident of its writer
        const uint8_t* data;
        uint32_t size;
    };

    constexpr OutputRing() = default;

    // Writes all of `from`, waiting for room until the deadline. Returns the bytes written, or, if
    // there are none, -EAGAIN (deadline) or -EINTR (main thread, signal). Blocks; on the host
    // thread only with a deadline that is over.
    ssize_t write(uint32_t stream, Gather& from, Deadline deadline);
    // Whether any record has room.
    bool writable() const;

    // The oldest record; false if there is none. Host thread only, like consume(); never blocks.
    bool peek(Record* out);
    // Gives the space of the peeked record back. Nothing happens if there is none. Waking writers
    // takes a lock of the parking lot, which a thread that is gone may hold for ever: once Python
    // has ended, wake nobody.
    enum class Wake : bool { nobody, writers };
    void consume(Wake wake);

  private:
    struct Header {
        uint32_t stream;
        uint32_t thread;
        uint32_t size;
        uint32_t reserved;
    };
    static constexpr uint32_t kAlign = sizeof(Header);
    static_assert(kAlign == 16 && kBytes % kAlign == 0 && (kBytes & (kBytes - 1)) == 0);
    static_assert(2 * (kMaxRecordBytes + kAlign) <= kBytes / 2, "O4");

    static constexpr uint32_t record_bytes(uint32_t size) {
        return kAlign + (size + kAlign - 1) / kAlign * kAlign;
    }
    Header* header_at(uint32_t position) {
        return reinterpret_cast<Header*>(bytes_ + position % kBytes);
    }
    int put_record(uint32_t stream, Gather& from, uint32_t size, Deadline deadline);

    Lock lock_;                      // writers; held only while a record is copied
    std::atomic<uint32_t> tail_{0};  // O1
    std::atomic<uint32_t> head_{0};  // O2
    Bell room_;                      // O4
    alignas(kAlign) uint8_t bytes_[kBytes] = {};
};

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_OUTPUT_RING_H_
