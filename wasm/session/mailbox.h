// Mailbox: messages from one thread to another, in order, without a lock on either side.
// SPDX-License-Identifier: MIT
//
// Overview
//   Senders push onto a stack with one compare-and-swap, so the host thread, which may not block,
//   can be a sender. The receiver takes the whole stack with one exchange and turns it round, which
//   gives the order of sending. What it took and has not read yet is its own.
//
// Invariants
//   M1  A message belongs to its sender until it is on the stack, to the stack until take() has
//       exchanged it, and to the receiver from then on. So nobody frees what another may read.
//   M2  Only one thread ever calls take().
#ifndef HEDDLE_WASM_SESSION_MAILBOX_H_
#define HEDDLE_WASM_SESSION_MAILBOX_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace heddle {

// The header of a message; its bytes follow it in the same allocation.
struct Message {
    Message* next;    // M1: set by the sender before the push, by the receiver after the take
    uint32_t number;  // counts the messages of one mailbox from 1, as the sender saw them
    size_t size;

    uint8_t* bytes() { return reinterpret_cast<uint8_t*>(this + 1); }
    const uint8_t* bytes() const { return reinterpret_cast<const uint8_t*>(this + 1); }

    // A message with a copy of the bytes, or nullptr when memory is out.
    static Message* make(const void* data, size_t size, uint32_t number) {
        void* space = std::malloc(sizeof(Message) + size);
        if (space == nullptr) return nullptr;
        auto* message = static_cast<Message*>(space);
        *message = Message{nullptr, number, size};
        if (size > 0) std::memcpy(message->bytes(), data, size);
        return message;
    }
    static void free(Message* message) { std::free(message); }
};

class Mailbox {
  public:
    // Puts the message last. Any thread; never blocks.
    void push(Message* message) {
        Message* top = stack_.load(std::memory_order_relaxed);  // a guess; the swap decides
        do {
            message->next = top;
            // release: the receiver sees the message's bytes (pairs with the acquire in take())
        } while (!stack_.compare_exchange_weak(top, message, std::memory_order_release,
                                               std::memory_order_relaxed));
    }

    // The oldest message, now the caller's, or nullptr. The receiver only (M2); never blocks.
    Message* take() {
        if (taken_ == nullptr) {
            // acquire: pairs with the release in push()
            Message* newest_first = stack_.exchange(nullptr, std::memory_order_acquire);
            while (newest_first != nullptr) {
                Message* next = newest_first->next;
                newest_first->next = taken_;
                taken_ = newest_first;
                newest_first = next;
            }
        }
        Message* oldest = taken_;
        if (oldest != nullptr) taken_ = oldest->next;
        return oldest;
    }

  private:
    std::atomic<Message*> stack_{nullptr};
    Message* taken_ = nullptr;  // the receiver's alone, oldest first
};

}  // namespace heddle

#endif  // HEDDLE_WASM_SESSION_MAILBOX_H_
