// Session: two mailboxes between the host and the Python main thread, and who was interrupted.
// SPDX-License-Identifier: MIT
//
// Concurrency
//   The host thread is the only sender of requests and the only receiver of replies. The Python
//   main thread is the other end of both. The host thread never waits. The Python side waits on a
//   semaphore that counts the requests on their way.
//
// Interrupts
//   The host's interrupt is meant for the requests that it has submitted so far. The signal may
//   arrive before Python has taken the request: the request must fail all the same. Or it arrives
//   after the reply has left: the next request must not suffer. So the host thread notes the number
//   of the last request next to the signal, and Python compares.
#include "session/session.h"

#include <atomic>
#include <cerrno>

#include "heddle/heddle.h"
#include "heddle/semaphore.h"
#include "host/host.h"

namespace heddle::session {
namespace {

Mailbox requests;
Mailbox replies;
Semaphore requests_waiting;  // one for each request that was pushed

// Host thread only.
uint32_t last_number = 0;
Message* current_reply = nullptr;

// Set by the Python main thread, read by the host thread.
std::atomic<bool> ended{false};
// Set by the host thread before it posts the signal, read by the Python main thread after it.
std::atomic<uint32_t> interrupted_through{0};

void post(Message* message) {
    replies.push(message);
    heddle_host_notify(HEDDLE_EVENT_REPLY);
}

}  // namespace

WaitResult wait_for_request(Deadline deadline) {
    return requests_waiting.acquire(deadline, Interruptible::yes, WaitKind::io);
}

Message* take_request() { return requests.take(); }

bool is_interrupted(const Message& request) {
    // acquire: pairs with the release in heddle_session_interrupt()
    uint32_t through = interrupted_through.load(std::memory_order_acquire);
    return static_cast<int32_t>(through - request.number) >= 0;  // a difference: numbers wrap
}

bool reply(const void* data, size_t size) {
    Message* message = Message::make(data, size, /*number=*/0);
    if (message == nullptr) return false;
    post(message);
    return true;
}

void give_back(Message* request) {
    request->size = 0;
    post(request);
}

void end() { ended.store(true, std::memory_order_release); }

}  // namespace heddle::session

// ---- Exports, all for the host thread ---------------------------------------------------------

namespace session = heddle::session;

extern "C" {

int heddle_session_submit(const uint8_t* data, size_t size) {
    // acquire: pairs with the release in end()
    if (session::ended.load(std::memory_order_acquire)) return -EPIPE;
    auto* request = heddle::Message::make(data, size, session::last_number + 1);
    if (request == nullptr) return -ENOMEM;
    ++session::last_number;
    session::requests.push(request);
    session::requests_waiting.release();
    return 0;
}

int heddle_session_interrupt(int signum) {
    // release: the number is there when the signal is seen
    session::interrupted_through.store(session::last_number, std::memory_order_release);
    return -heddle_signal_post(signum);
}

const uint8_t* heddle_session_reply(size_t* size_out) {
    if (session::current_reply == nullptr) session::current_reply = session::replies.take();
    if (session::current_reply == nullptr) return nullptr;
    *size_out = session::current_reply->size;
    return session::current_reply->bytes();
}

void heddle_session_reply_done(void) {
    heddle::Message::free(session::current_reply);
    session::current_reply = nullptr;
}

}  // extern "C"
