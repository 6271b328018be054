// Tests of wasm/streams, wasm/console and wasm/files: all of them, one after another. See README.md.
// SPDX-License-Identifier: MIT
#include <cstdio>

#include "check.h"

int main(int argc, char** argv) {
    heddle_main_thread_attach();
    heddle_signal_set_handler(2, [](int) {}, nullptr);
    if (argc != 2) return 2;
    test_output();
    test_input();
    test_pipes();
    test_sockets();
    test_poll();
    test_archives();
    test_host_files(argv[1]);
    std::printf("%d failures\n", failures());
    return failures() == 0 ? 0 : 1;
}
