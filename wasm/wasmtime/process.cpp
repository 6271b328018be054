// Process imports: exit, abort, memory, randomness, the events for the host thread.
// SPDX-License-Identifier: MIT
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "imports.h"
#include "program.h"
#include "shared_memory.h"

namespace heddle::host {
namespace {

void heddle_host_notify(Thread& self, int32_t event) {
    HostThread& host_thread = self.program().host_thread();
    host_thread.post_for_guest([&host_thread, event] { host_thread.notice(event); });
}

// The stacks that this host gives are large enough for every thread.
int32_t heddle_host_use_up_stack(Thread&, uint32_t) { return 0; }

// exit(): the calling thread stops here, and the host thread runs what atexit() registered.
void exit_program(Thread& self, int32_t status) {
    Program& program = self.program();
    program.host_thread().post_for_guest([&program, status] {
        (void)program.host_thread().guest().call("__funcs_on_exit");
        program.finish_on_host_thread(status, Program::End::own);
    });
    throw Unwind();
}

// The default action of a signal that the host thread posted.
void emscripten_force_exit(Thread& self, int32_t status) {
    if (self.program().host_thread().is_own_thread()) {
        self.program().finish_on_host_thread(status, Program::End::forced);
    }
    exit_program(self, status);
}

void emscripten_unwind_to_js_event_loop(Thread&) { throw Unwind(); }
void abort_js(Thread&) { throw GuestFault("abort() was called"); }

void assert_fail(Thread& self, uint32_t condition, uint32_t file, uint32_t line, uint32_t) {
    const Memory& memory = self.program().memory();
    throw GuestFault("assertion failed: " + memory.text(condition) + ", " + memory.text(file) +
                     ":" + std::to_string(line));
}

// A thread that says much waits for its reader, as for other output. The host thread waits for nobody.
void emscripten_err(Thread& self, uint32_t text) {
    OutputWriter& output = self.program().output();
    const std::string line = self.program().memory().text(text) + "\n";
    if (!self.program().host_thread().is_own_thread())
        output.wait_for_room();
    else if (!output.has_room())
        return;
    output.write(STDERR_FILENO, line);
}

// Grows by at least a fifth, so that a growing program does not ask for each 64 KiB.
int32_t emscripten_resize_heap(Thread& self, uint32_t wanted_bytes) {
    const Memory& memory = self.program().memory();
    const uint64_t now = memory.size() / kPageBytes;
    const uint64_t needed = (uint64_t{wanted_bytes} + kPageBytes - 1) / kPageBytes;
    const uint64_t most = self.program().options().max_memory / kPageBytes;
    if (needed > most) return 0;
    for (const uint64_t pages : {std::min(std::max(needed, now + now / 5), most), needed}) {
        if (pages <= memory.size() / kPageBytes) return 1;  // another thread grew it meanwhile
        uint64_t before = 0;
        wasmtime_error* error = wasmtime_sharedmemory_grow(
            memory.handle(), pages - memory.size() / kPageBytes, &before);
        if (error == nullptr) return 1;
        wasmtime_error_delete(error);
    }
    return 0;
}

// The last 64 KiB are never used, so that the address after the last byte is a number too.
uint32_t emscripten_get_heap_max(Thread& self) {
    return static_cast<uint32_t>(
        std::min(self.program().options().max_memory, (uint64_t{1} << 32) - kPageBytes));
}

int32_t emscripten_num_logical_cores(Thread&) {
    return static_cast<int32_t>(std::max(1U, std::thread::hardware_concurrency()));
}

int32_t get_entropy(Thread& self, uint32_t buffer, uint32_t size) {
    uint8_t* out = self.program().memory().bytes(buffer, size);
    for (uint32_t done = 0; done < size;) {
        const ssize_t count = getrandom(out + done, size - done, 0);
        if (count > 0) done += static_cast<uint32_t>(count);
    }
    return 0;
}

// sys._emscripten_info.runtime; the caller frees it.
uint32_t py_emscripten_runtime(Thread& self) {
    const std::string name = "wasmtime " WASMTIME_VERSION;
    const auto text = static_cast<uint32_t>(self.must_call("malloc", name.size() + 1));
    if (text != 0)
        self.program().memory().write_text(text, name, static_cast<uint32_t>(name.size() + 1));
    return text;
}

// CPython's own way to get signals from its host; ours is heddle_signal_post().
int32_t py_check_emscripten_signals_helper(Thread&) { return 0; }

}  // namespace

void add_process_imports(Imports& imports) {
    imports.add<heddle_host_notify>("heddle_host_notify");
    imports.add<heddle_host_use_up_stack>("heddle_host_use_up_stack");
    imports.add<exit_program>("exit");
    imports.add<emscripten_force_exit>("emscripten_force_exit");
    imports.add<emscripten_unwind_to_js_event_loop>("emscripten_unwind_to_js_event_loop");
    imports.add<emscripten_unwind_to_js_event_loop>("emscripten_exit_with_live_runtime");
    imports.add<abort_js>("_abort_js");
    imports.add<assert_fail>("__assert_fail");
    imports.add<emscripten_err>("emscripten_err");
    imports.add<emscripten_resize_heap>("emscripten_resize_heap");
    imports.add<emscripten_get_heap_max>("emscripten_get_heap_max");
    imports.add<emscripten_num_logical_cores>("emscripten_num_logical_cores");
    imports.add<get_entropy>("getentropy");
    imports.add<py_emscripten_runtime>("_Py_emscripten_runtime");
    imports.add<py_check_emscripten_signals_helper>("_Py_CheckEmscriptenSignals_Helper");
}

}  // namespace heddle::host
