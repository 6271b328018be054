// Session: the Python side of the conversation between the host and the Python main thread.
// SPDX-License-Identifier: MIT
//
// The host's side is the heddle_session_* functions of wasm/host/host.h. js/src/session/protocol.js
// says what the bytes mean. All functions here are for the Python main thread only.
#ifndef HEDDLE_WASM_SESSION_SESSION_H_
#define HEDDLE_WASM_SESSION_SESSION_H_

#include <cstddef>

#include "heddle/time.h"
#include "heddle/wait.h"
#include "session/mailbox.h"

namespace heddle::session {

// Waits for a request. acquired: take_request() gives it; interrupted: a signal came first.
WaitResult wait_for_request(Deadline deadline);
// The request that was waited for, the caller's to Message::free().
Message* take_request();
// Whether the host has asked to interrupt this request, which may not have begun yet.
bool is_interrupted(const Message& request);
// Sends a copy of the bytes to the host. False when memory is out.
bool reply(const void* data, size_t size);
// Sends the request itself, without its bytes: memory is out for its reply. Never fails.
void give_back(Message* request);
// Requests that come from now on are refused.
void end();

}  // namespace heddle::session

#endif  // HEDDLE_WASM_SESSION_SESSION_H_
