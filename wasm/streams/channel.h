// Channel: a bounded queue of bytes from one end to another, as in a pipe; a socket has two.
// SPDX-License-Identifier: MIT
//
// Concurrency
//   All fields are guarded by lock_, which is held only while bytes are copied. Threads wait on
//   changed_, which is rung, like g_readiness, after each change and outside lock_.
#ifndef HEDDLE_WASM_STREAMS_CHANNEL_H_
#define HEDDLE_WASM_STREAMS_CHANNEL_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "heddle/lock.h"
#include "streams/bell.h"
#include "streams/buffers.h"

namespace heddle {

// Whether a write of up to Channel::kAtomicBytes must go in one piece (PIPE_BUF), as pipes promise.
enum class Atomic : bool { no = false, yes = true };
// Whether bytes that are read stay in the channel (MSG_PEEK).
enum class Peek : bool { no = false, yes = true };

class Channel {
  public:
    static constexpr uint32_t kCapacity = 64 * 1024;  // unless resize() changes it
    static constexpr uint32_t kLargestCapacity = 1024 * 1024;
    static constexpr uint32_t kAtomicBytes = 4096;

    Channel() = default;

    // Reads what is there; waits for the first byte. Bytes; 0 when the writer is gone and all was
    // read; -EBADF when the reading end was closed; -EAGAIN, -EINTR as in StreamFile.
    ssize_t read(Scatter& into, Deadline deadline, Peek peek = Peek::no);
    // Writes everything, waiting for room. Bytes, fewer than asked when the deadline or a signal
    // came in between; -EPIPE when one of the ends is gone.
    ssize_t write(Gather& from, Deadline deadline, Atomic atomic);

    // The reading end is gone, and with it what it has not read; its own reads fail, writes too.
    void close_reader();
    // Nothing is written any more: reads find the end after what is there. Both calls end the waits
    // of both sides. Any thread.
    void close_writer();

    // poll() bits for each end.
    short read_readiness();
    short write_readiness(Atomic atomic);
    // Bytes waiting to be read.
    size_t available();
    // How many bytes it holds, in one piece of memory.
    uint32_t capacity();
    // Changes that to a power of two that is at least `wanted`. The new capacity; -EPERM above
    // kLargestCapacity, -EBUSY if more bytes are waiting, -EINVAL for 0.
    int resize(uint32_t wanted);

  private:
    uint32_t room() const { return capacity_ - size_; }
    bool reserve(uint32_t bytes);
    void copy_in(Gather& from, uint32_t bytes);
    void copy_out(Scatter& into, uint32_t bytes) const;
    void changed();

    Lock lock_;
    std::unique_ptr<uint8_t[]> bytes_;  // a ring of allocated_ bytes, made by the first write
    uint32_t capacity_ = kCapacity;     // a power of two
    uint32_t allocated_ = 0;            // a power of two up to the largest capacity_ so far
    uint32_t start_ = 0;                // where the oldest byte is
    uint32_t size_ = 0;                 // bytes in the channel
    bool reader_gone_ = false;
    bool writer_gone_ = false;
    Bell changed_;
};

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_CHANNEL_H_
