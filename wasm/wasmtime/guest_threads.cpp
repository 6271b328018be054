// Guest threads: the imports behind pthread_create(), and a thread's way through wasm.
// SPDX-License-Identifier: MIT
#include "guest_threads.h"

#include <cerrno>

#include "../host/guest_layout.h"
#include "../host/host.h"
#include "guest_errno.h"
#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

// The host thread's record needs no more than this: the stack of threads that ask for no size.
constexpr uint32_t kDefaultStackBytes = HEDDLE_PTHREAD_STACK_MIB << 20;

// The core keeps to the limit of threads, in its memory. This one is for a program that wrote over that: it leaves
// room for Python's main thread, the core's own, and those that the core no longer counts and that have not ended yet.
constexpr uint32_t kBesideLimit = 10;

}  // namespace

bool GuestThreads::start(uint32_t pthread, uint32_t entry, uint32_t argument) {
    const uint32_t wanted = program_.options().max_threads;
    const uint64_t most = uint64_t{wanted != 0 ? wanted : kDefaultMaxThreads} + kBesideLimit;
    if (native_++ < most && start_native(pthread, entry, argument)) return true;
    native_--;
    return false;
}

bool GuestThreads::start_native(uint32_t pthread, uint32_t entry, uint32_t argument) {
    auto thread = std::make_shared<Thread>(program_);
    if (!thread->error().empty()) return false;
    {
        const std::lock_guard<std::mutex> held(mutex_);
        running_[pthread] = false;
    }
    const int failed = start_native_thread([this, thread, pthread, entry, argument]() mutable {
        thread->bind();
        run(*thread, pthread, entry, argument);
        thread.reset();  // the store goes before anybody may think that the thread is gone
        left(pthread);
        native_--;
    });
    if (failed == 0) return true;
    const std::lock_guard<std::mutex> held(mutex_);
    running_.erase(pthread);
    return false;
}

void GuestThreads::run(Thread& thread, uint32_t pthread, uint32_t entry, uint32_t argument) {
    const Memory& memory = program_.memory();
    const auto stack_top = memory.read<uint32_t>(pthread + kPthreadStackTopOffset);
    const auto stack_bytes = memory.read<uint32_t>(pthread + kPthreadStackBytesOffset);
    thread.must_call("emscripten_stack_set_limits", stack_top, stack_top - stack_bytes);
    thread.must_call("_emscripten_stack_restore", stack_top);
    thread.must_call("_emscripten_thread_init", pthread, /*is_main=*/0, /*is_runtime=*/0,
                     /*can_block=*/1, /*default_stack_bytes=*/0, /*profiling=*/0);
    thread.must_call("_emscripten_tls_init");
    const Outcome outcome = thread.call_entry(entry, argument);
    if (outcome.end == Outcome::End::crashed) {
        // A handler such as faulthandler's may have something to say; if it traps too, so be it.
        if (outcome.signum != 0) (void)thread.call("heddle_signal_trapped", outcome.signum);
        program_.crash(outcome.reason);
    }
    // pthread_exit() has done this itself, and exit() leaves the thread as it is.
    if (outcome.end == Outcome::End::returned) {
        thread.must_call("_emscripten_thread_exit", outcome.value.i32);
    }
}

void GuestThreads::release(uint32_t pthread) {
    {
        const std::lock_guard<std::mutex> held(mutex_);
        const auto found = running_.find(pthread);
        if (found != running_.end()) {
            found->second = true;
            return;
        }
    }
    free_block(pthread);
}

void GuestThreads::left(uint32_t pthread) {
    bool released;
    {
        const std::lock_guard<std::mutex> held(mutex_);
        released = running_[pthread];
        running_.erase(pthread);
    }
    if (released) free_block(pthread);
}

void GuestThreads::free_block(uint32_t pthread) {
    HostThread& host_thread = program_.host_thread();
    host_thread.post_for_guest([&host_thread, pthread] {
        host_thread.guest().must_call("_emscripten_thread_free_data", pthread);
    });
}

namespace {

int32_t pthread_create_js(Thread& self, uint32_t pthread, uint32_t, uint32_t entry,
                          uint32_t argument) {
    const bool started = self.program().threads().start(pthread, entry, argument);
    return started ? 0 : to_guest_errno(EAGAIN);
}

void emscripten_thread_cleanup(Thread& self, uint32_t pthread) {
    self.program().threads().release(pthread);
}

// From the module's first constructor, on the host thread.
void emscripten_init_main_thread_js(Thread& self, uint32_t pthread) {
    self.must_call("_emscripten_thread_init", pthread, /*is_main=*/1, /*is_runtime=*/1,
                   /*can_block=*/1, kDefaultStackBytes, /*profiling=*/0);
    self.must_call("_emscripten_tls_init");
}

// Other threads look into their mailbox only between two entries, and each of ours has one.
void emscripten_notify_mailbox_postmessage(Thread& self, uint32_t target, uint32_t) {
    HostThread& host_thread = self.program().host_thread();
    host_thread.post_for_guest([&host_thread, target] {
        const auto main_thread = host_thread.guest().must_call("emscripten_main_runtime_thread_id");
        if (static_cast<uint32_t>(main_thread) == target) {
            host_thread.guest().must_call("_emscripten_check_mailbox");
        }
    });
}

void nothing_for_thread(Thread&, uint32_t) {}
void emscripten_check_blocking_allowed(Thread&) {}
int32_t emscripten_runtime_keepalive_check(Thread&) { return 0; }

// Nothing is proxied to the host thread: every import runs where it is called.
double emscripten_receive_on_main_thread_js(Thread&, int32_t, uint32_t, uint32_t, int32_t,
                                            uint32_t) {
    throw GuestFault("a call was proxied to the host thread, which this host never asks for");
}

}  // namespace

void add_thread_imports(Imports& imports) {
    imports.add<pthread_create_js>("__pthread_create_js");
    imports.add<emscripten_thread_cleanup>("_emscripten_thread_cleanup");
    imports.add<emscripten_init_main_thread_js>("_emscripten_init_main_thread_js");
    imports.add<emscripten_notify_mailbox_postmessage>("_emscripten_notify_mailbox_postmessage");
    imports.add<nothing_for_thread>("_emscripten_thread_set_strongref");
    imports.add<nothing_for_thread>("_emscripten_thread_mailbox_await");
    imports.add<emscripten_check_blocking_allowed>("emscripten_check_blocking_allowed");
    imports.add<emscripten_runtime_keepalive_check>("emscripten_runtime_keepalive_check");
    imports.add<emscripten_receive_on_main_thread_js>("_emscripten_receive_on_main_thread_js");
}

}  // namespace heddle::host
