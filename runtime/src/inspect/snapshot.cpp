// Snapshot: all threads as JSON, read without stopping anyone.
// SPDX-License-Identifier: MIT
//
// Each record is copied under the table's lock, one at a time. Who holds a lock is read while its
// waiter is in the queue, so the lock is still there. Internal locks are not waited for without
// end: their holder may be a worker that was terminated.
#include <cstdint>

#include "heddle/heddle.h"
#include "heddle/text_writer.h"
#include "heddle/thread.h"
#include "inspect/lock_owner.h"
#include "threads/thread_table.h"

namespace heddle {

namespace {

const char* state_name(const ThreadView& view) {
    switch (view.state) {
        case ThreadState::free:
        case ThreadState::ended:
            return "ended";
        case ThreadState::starting:
            return "starting";
        case ThreadState::running:
            break;
    }
    return view.wait.kind == WaitKind::none ? "running" : "waiting";
}

uint32_t holder_of(const ThreadView& view, Deadline patience) {
    if (view.wait.kind == WaitKind::thread) return view.wait.target;
    if (view.wait.kind != WaitKind::lock && view.wait.kind != WaitKind::rlock) return 0;
    return read_lock_owner(view.wait.address, sleeper_of(view), patience);
}

void put_bool(TextWriter& text, bool value) { text.put(value ? "true" : "false"); }

void put_thread(TextWriter& text, const ThreadView& view, int64_t now, Deadline patience) {
    text.put("{\"ident\":");
    text.put_number(view.ident);
    text.put(",\"nativeId\":");
    text.put_number(view.native_id);
    text.put(",\"name\":");
    text.put_json_string(view.name);
    text.put(",\"main\":");
    put_bool(text, view.role == ThreadRole::main);
    text.put(",\"daemon\":");
    put_bool(text, view.daemon);
    text.put(",\"state\":\"");
    text.put(state_name(view));
    text.put("\",\"waitingOn\":");
    const bool waits = view.wait.kind != WaitKind::none;
    if (waits) {
        text.put("{\"kind\":\"");
        text.put(wait_kind_name(view.wait.kind));
        text.put("\",\"address\":");
        text.put_number(reinterpret_cast<uintptr_t>(view.wait.address));
        text.put("}");
    } else {
        text.put("null");
    }
    text.put(",\"heldBy\":");
    if (const uint32_t holder = waits ? holder_of(view, patience) : 0; holder != 0) {
        text.put_number(holder);
    } else {
        text.put("null");
    }
    text.put(",\"sinceMs\":");
    const int64_t waited_ns = waits && view.wait.since_ns != 0 ? now - view.wait.since_ns : 0;
    text.put_number(static_cast<uint64_t>(waited_ns > 0 ? waited_ns : 0) / kMillisecond);
    text.put(",\"leftMs\":");
    if (waits && view.wait.deadline != kNever) {
        const int64_t left_ns = view.wait.deadline - now;
        text.put_number(static_cast<uint64_t>(left_ns > 0 ? left_ns : 0) / kMillisecond);
    } else {
        text.put("null");
    }
    text.put(",\"stackBytes\":");
    text.put_number(view.stack_bytes);
    text.put("}");
}

}  // namespace

}  // namespace heddle

using namespace heddle;

extern "C" size_t heddle_threads_snapshot(char* buffer, size_t capacity) {
    TextWriter text(buffer, capacity);
    const int64_t now = now_ns();
    const Deadline patience = now + kLookPatienceNs;
    bool first = true;
    text.put("[");
    for (uint32_t index = 0; index < kMaxThreads; index++) {
        ThreadView view;
        if (!view_thread(index, patience, &view) || view.role == ThreadRole::helper) continue;
        if (!first) text.put(",");
        first = false;
        put_thread(text, view, now, patience);
    }
    text.put("]");
    return text.finish();
}
