// heddle-wasmtime: runs python.wasm under wasmtime, with each of Python's threads a native thread.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "errors.h"
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

void end_after(Program& program, double seconds) {
    std::thread([&program, seconds] {
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        char text[64];
        snprintf(text, sizeof text, "the time limit of %g s is over", seconds);
        program.end_with_message(text, kExitTimeout);
    }).detach();
}

}  // namespace

int main(int argc, char** argv) {
    open_standard_streams();
    const Options options = parse_options(argc, argv);
    if (!options.wasi.empty()) run_wasi_program(options);
    hold_signals();
    // Never destroyed: threads use it until the process ends.
    auto& program = *new Program(options);
    program.start();
    if (options.timeout_s > 0) end_after(program, options.timeout_s);
    Signals(program).forward();
}
