// Program: putting it together, and ending it.
// SPDX-License-Identifier: MIT
#include "program.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "../host/host.h"
#include "errors.h"
#include "imports.h"
#include "shared_memory.h"

namespace heddle::host {
namespace {

constexpr uint64_t kInitialPages = (uint64_t{HEDDLE_INITIAL_MEMORY_MIB} << 20) / kPageBytes;

// How long a forced end waits for the host thread, and for whoever reads the output.
constexpr std::chrono::seconds kPatience{2};

}  // namespace

Program::Program(Options options)
    : options_(std::move(options)),
      clock_(options_.clock),
      output_([] { _exit(kExitPipe); },
              [this] { host_thread_.post([this] { host_thread_.on_room(); }); }),
      threads_(*this),
      files_(options_.mounts),
      host_thread_(*this) {}

void Program::load() {
    wasmtime_module* module = engine_.load(options_.dist + "/python.wasm", options_.cache);
    if (options_.compile_only) _exit(0);
    memory_ = std::make_unique<Memory>(
        make_shared_memory(engine_.handle(), kInitialPages, options_.max_memory / kPageBytes));
    link(module);
    begun_.store(true, std::memory_order_release);  // publishes memory_ and instance_pre_
}

void Program::link(wasmtime_module* module) {
    wasmtime_linker* linker = wasmtime_linker_new(engine_.handle());
    Imports imports(linker);
    add_environment_imports(imports);
    add_file_imports(imports);
    add_process_imports(imports);
    add_thread_imports(imports);
    add_time_imports(imports);
    add_unused_imports(imports);
    define_memory(linker, engine_.handle(), memory_->handle());
    check(wasmtime_linker_instantiate_pre(linker, module, &instance_pre_),
          "link python.wasm, which may belong to another version of this host");
    wasmtime_linker_delete(linker);
}

void Program::start() {
    const int error = start_native_thread([this] { host_thread_.run(); });
    if (error != 0) give_up(cannot_start_thread("runs the page", error));
}

void Program::finish_on_host_thread(int exit_code, End end) {
    ending_.store(true, std::memory_order_release);
    host_thread_.drain_output();
    const bool lost = end == End::own ? output_.flush() : output_.flush(kPatience);
    _exit(exit_code == 0 && lost ? kExitOutputLost : exit_code & 0xff);
}

void Program::crash(const std::string& reason) {
    end_with_message("fatal: a thread crashed: " + reason, kExitCrash);
}

void Program::end_with_message(const std::string& text, int exit_code) {
    const std::string line = "heddle: " + text + "\n";
    if (has_begun() && !host_thread_.is_own_thread()) {
        host_thread_.post([this, line, exit_code] {
            ending_.store(true, std::memory_order_release);
            host_thread_.drain_output();
            output_.write(STDERR_FILENO, line);
            finish_on_host_thread(exit_code, End::forced);
        });
        // The host thread may wait for a lock that this very thread holds.
        std::this_thread::sleep_for(kPatience);
        if (is_ending()) std::this_thread::sleep_for(kPatience);
    }
    output_.write(STDERR_FILENO, line);
    output_.flush(kPatience);
    _exit(exit_code);
}

}  // namespace heddle::host
