// Options: the host's own command line. What it does not grant, the program does not get.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_WASMTIME_OPTIONS_H_
#define HEDDLE_WASM_WASMTIME_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::host {

// A folder of this machine, absolute, and where the program sees it.
// Threads at once, beside the main one, where the command line says nothing.
inline constexpr uint32_t kDefaultMaxThreads = 256;

struct Mount {
    std::string folder;
    std::string path;
};

// A symbolic link in the program's own file system.
struct Link {
    std::string path;
    std::string target;
};

struct Options {
    std::string wasi;   // a WASI program to run instead of Python, or ""
    std::string dist;   // the folder of python.wasm and stdlib.zip
    std::string cache;  // the folder of compiled modules, or ""
    std::vector<Mount> mounts;
    std::vector<Link> links;
    std::vector<std::string> environment;     // NAME=VALUE
    std::string working_folder;               // where Python starts, or ""
    bool clock = true;                        // the wall clock and the time zone are this machine's
    uint64_t max_memory = uint64_t{4} << 30;  // bytes of wasm memory
    uint32_t max_threads = 0;                 // at once, beside the main one; 0: the default
    double timeout_s = 0;                     // of real time, for everything; 0: none
    int launcher_fd = -1;                     // the pipe to the launcher (launcher.h), or -1
    bool compile_only = false;                // fill the cache and end
    std::vector<std::string> python_args;     // without argv[0]
};

// Scans the command line; a mistake ends the process with exit code 2.
Options parse_options(int argc, char** argv);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_OPTIONS_H_
