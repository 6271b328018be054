// Input ring: the bytes of standard input on their way from the host to the threads that read them.
// SPDX-License-Identifier: MIT
//
// Two ways to read
//   input() on a terminal: CPython calls its readline hook (cpython/readline_hook.cpp), which waits
//   for a whole line with its prompt in read_line(). Everything else, input() in a page among it,
//   reads the descriptor: read().
//
// Overview
//   The host thread feeds bytes and an end-of-file mark, and never waits. Readers are served one
//   after another: a reader keeps readers_ while it waits for its bytes. While the mark is unread,
//   feed() takes nothing, so that bytes never pass it.
//
// Invariants
//   I1  tail_ is changed only by the host thread, after the bytes behind it were stored.
//   I2  head_ is changed only under readers_, after the bytes behind it were copied out.
//   I3  end_ is set by the host thread. On a terminal, and when the input stays open, the reader
//       that reports the end of file clears it, under readers_ and only when the ring is empty.
//       Elsewhere it stays set.
//   I4  The host thread changes tail_ or end_ before it rings arrived_ (see bell.h).
//   I5  A reader that finds nothing raises HEDDLE_EVENT_INPUT once, before it sleeps. The host may
//       answer before or after that: I4 covers both.
#ifndef HEDDLE_WASM_CONSOLE_INPUT_RING_H_
#define HEDDLE_WASM_CONSOLE_INPUT_RING_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "console/prompt.h"
#include "heddle/function_ref.h"
#include "heddle/lock.h"
#include "streams/bell.h"
#include "streams/buffers.h"

namespace heddle {

class InputRing {
  public:
    static constexpr uint32_t kBytes = 64 * 1024;

    constexpr InputRing() = default;

    // Takes as many bytes as have room, none while an end of file is unread. Host thread only.
    size_t feed(const uint8_t* data, size_t size);
    // Marks the end of the input. Host thread only.
    void end_of_file();
    // From now on an end of file ends one read only, as on a terminal. While nobody waits for input
    // it ends nothing: the reader that it was meant for was interrupted.
    void stay_open() { stays_open_.store(true, std::memory_order_relaxed); }

    // Reads what is there, at most one line from a terminal; waits for the first byte until the
    // deadline. Bytes; 0 at the end of file; -EAGAIN (deadline) or -EINTR (main thread, signal).
    // Blocks; on the host thread only with a deadline that is over.
    ssize_t read(Scatter& into, Deadline deadline, bool terminal);
    // Waits, showing `prompt` (may be null), for a whole line, the end of file, or as many bytes as
    // fit, and takes that much. Bytes; 0 at the end of file; -EINTR, and then nothing is taken.
    // Blocks; not for the host thread.
    ssize_t read_line(const char* prompt, char* buffer, size_t capacity, bool terminal);

    // Bytes that can be read at once.
    uint32_t available() const;
    // Whether a read would not wait.
    bool readable() const;
    // Whether some thread waits for input at this moment.
    bool has_waiter() const { return waiting_.load(std::memory_order_acquire) > 0; }
    // The same, and nothing has arrived since the last one began to wait.
    bool is_unanswered() const {
        return has_waiter() && asked_at_.load(std::memory_order_acquire) == arrived_.count();
    }
    // poll() says that it waits for input (+1), asking the host for it, and that it stops (-1).
    void note_interest(int change);

    Prompt& prompt() { return prompt_; }

  private:
    // Raises the event for a reader that found nothing when arrived_ had been rung `seen` times.
    void ask(uint32_t seen);
    void stop_asking();
    WaitResult wait_until(FunctionRef<bool()> ready, Deadline deadline);
    // Bytes before and including the first line end; 0 if there is none. Under readers_.
    uint32_t line_bytes() const;
    void take(Scatter& into, uint32_t size);
    bool at_end() const { return end_.load(std::memory_order_acquire); }  // pairs with I3's store
    bool stays_open() const { return stays_open_.load(std::memory_order_relaxed); }

    Lock readers_;                   // held by the reader who is served
    std::atomic<uint32_t> tail_{0};  // I1
    std::atomic<uint32_t> head_{0};  // I2
    std::atomic<bool> end_{false};   // I3
    std::atomic<bool> stays_open_{false};
    std::atomic<int> waiting_{0};        // threads that wait for input; for has_waiter() only
    std::atomic<uint32_t> asked_at_{0};  // arrived_'s count when one last began to wait
    Bell arrived_;                       // I4
    Prompt prompt_;                      // shown by the reader who holds readers_
    uint8_t bytes_[kBytes] = {};
};

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_INPUT_RING_H_
