// heddle-wasmtime: runs python.wasm under wasmtime, with each of Python's threads a native thread.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>

#include "errors.h"
#include "instance.h"
#include "options.h"
#include "program.h"
#include "signals.h"
#include "wasi_program.h"

using namespace heddle::host;

namespace {

// A stream that was closed before this process was started must not become some file's descriptor.
void open_standard_streams() {
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
    }
}

using End = std::function<void(const std::string& text, int exit_code)>;

// Has the end come that many seconds from now; 0: never.
void limit_time(double seconds, const End& end) {
    if (seconds <= 0) return;
    const int error = start_native_thread(
        [seconds, end] {
            std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
            char text[64];
            snprintf(text, sizeof text, "the time limit of %g s is over", seconds);
            end(text, kExitTimeout);
        },
        Stack::host);
    if (error != 0) give_up(cannot_start_thread("measures --timeout", error));
}

}  // namespace

int main(int argc, char** argv) {
    open_standard_streams();
    const Options options = parse_options(argc, argv);
    if (!options.wasi.empty()) {
        limit_time(options.timeout_s, give_up);
        run_wasi_program(options);
    }
    hold_signals();
    // Never destroyed: threads use it until the process ends.
    auto& program = *new Program(options);
    limit_time(options.timeout_s, [&program](const std::string& text, int exit_code) {
        program.end_with_message(text, exit_code);
    });
    program.start();
    Signals(program).forward();
}
