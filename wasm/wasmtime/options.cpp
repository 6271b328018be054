// Options: scanning them, and the text of --help.
// SPDX-License-Identifier: MIT
#include "options.h"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

#include "errors.h"

extern char** environ;

namespace heddle::host {
namespace {

constexpr const char* kHelp =
    R"(usage: heddle-wasmtime --dist=FOLDER [option]... [--] [python's arguments]...
       heddle-wasmtime --wasi=FILE [option]... [--] [argument]...
Runs python.wasm under wasmtime. The program gets nothing of this machine but its standard
streams, the clock and the time zone, and what these options grant:

  --mount=FOLDER       it may read and write this folder, at its own path; may be repeated
  --at=PATH            the mount before this is at another path
  --link=PATH --to=TARGET  a symbolic link of its own; may be repeated
  --env=NAME=VALUE     a variable of its environment; may be repeated
  --inherit-env        all variables of this environment
  --cwd=FOLDER         where it starts; a folder in a mount, or one of its own
  --no-clock           it is not told the time: its clock starts in 1970, in UTC
  --max-memory=SIZE    of wasm memory, in MiB, or with K, M or G; 32M to 4G (default 4G)
  --max-threads=N      threads at once, beside the main one (default 256)
  --timeout=SECONDS    of real time; then it ends with exit code 124

  --dist=FOLDER        where python.wasm and stdlib.zip are
  --cache=FOLDER       where the compiled module is kept (~/.cache/heddle/wasmtime)
  --no-cache           compile at each start
  --compile            only compile, for the cache

  --wasi=FILE          a program for wasm32-wasip1-threads instead of Python; not with --cwd or
                       --no-clock, which WASI does not have
)";

[[noreturn]] void usage_error(const std::string& text) {
    give_up(text + " Try --help.", kExitUsage);
}

template <typename Number>
Number parse_number(const std::string& option, const std::string& text, const char** rest) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) {
        usage_error(option + "=" + text + ": expected a number.");
    }
    *rest = end;
    return number;
}

// The whole text is one number, greater than 0.
template <typename Number>
Number parse_count(const std::string& option, const std::string& text) {
    const char* rest = nullptr;
    const auto number = parse_number<Number>(option, text, &rest);
    if (*rest != '\0' || !(number > 0))
        usage_error(option + "=" + text + ": expected a number above 0.");
    return number;
}

uint64_t parse_size(const std::string& option, const std::string& text) {
    const char* rest = nullptr;
    const auto number = parse_number<uint64_t>(option, text, &rest);
    const std::string unit(rest);
    const int shift = unit.empty() || unit == "M" ? 20 : unit == "G" ? 30 : unit == "K" ? 10 : -1;
    constexpr uint64_t kLeast = uint64_t{32} << 20, kMost = uint64_t{4} << 30;
    if (shift < 0 || number > kMost || (number << shift) < kLeast || (number << shift) > kMost) {
        usage_error(option + "=" + text + ": expected a size from 32M to 4G.");
    }
    return number << shift;
}

std::string default_cache() {
    if (const char* cache = getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
        return std::string(cache) + "/heddle/wasmtime";
    }
    const char* home = getenv("HOME");
    return home == nullptr || *home != '/' ? "" : std::string(home) + "/.cache/heddle/wasmtime";
}

const std::string& absolute(const std::string& option, const std::string& path) {
    if (path.size() < 2 || path[0] != '/') {
        usage_error(option + "=" + path + ": expected an absolute path, and not / itself.");
    }
    return path;
}

}  // namespace

Options parse_options(int argc, char** argv) {
    Options options;
    options.cache = default_cache();
    const std::map<std::string, std::function<void()>> flags = {
        {"--inherit-env",
         [&] {
             for (char** entry = environ; *entry != nullptr; entry++) {
                 options.environment.emplace_back(*entry);
             }
         }},
        {"--no-clock", [&] { options.clock = false; }},
        {"--no-cache", [&] { options.cache.clear(); }},
        {"--compile", [&] { options.compile_only = true; }},
        {"--help",
         [] {
             fputs(kHelp, stdout);
             exit(0);
         }},
    };
    using Setter = std::function<void(const std::string& option, const std::string& value)>;
    const std::map<std::string, Setter> settings = {
        {"--dist", [&](auto&, auto& value) { options.dist = value; }},
        {"--wasi", [&](auto&, auto& value) { options.wasi = value; }},
        {"--cache", [&](auto&, auto& value) { options.cache = value; }},
        {"--cwd", [&](auto&, auto& value) { options.working_folder = value; }},
        {"--env", [&](auto&, auto& value) { options.environment.push_back(value); }},
        {"--mount",
         [&](auto& option, auto& value) {
             options.mounts.push_back({absolute(option, value), value});
         }},
        {"--at",
         [&](auto& option, auto& value) {
             if (options.mounts.empty())
                 usage_error(option + "=" + value + ": no --mount before it.");
             options.mounts.back().path = absolute(option, value);
         }},
        {"--link", [&](auto& option,
                       auto& value) { options.links.push_back({absolute(option, value), ""}); }},
        {"--to",
         [&](auto& option, auto& value) {
             if (options.links.empty())
                 usage_error(option + "=" + value + ": no --link before it.");
             options.links.back().target = value;
         }},
        {"--launcher-fd",
         [&](auto& option, auto& value) { options.launcher_fd = parse_count<int>(option, value); }},
        {"--max-memory",
         [&](auto& option, auto& value) { options.max_memory = parse_size(option, value); }},
        {"--max-threads",
         [&](auto& option, auto& value) {
             options.max_threads = parse_count<uint32_t>(option, value);
         }},
        {"--timeout", [&](auto& option,
                          auto& value) { options.timeout_s = parse_count<double>(option, value); }},
    };

    int next = 1;
    for (; next < argc; next++) {
        const std::string word = argv[next];
        if (word == "--") {
            next++;
            break;
        }
        if (!word.starts_with("--")) break;
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (equals == std::string::npos && flags.contains(name)) {
            flags.at(name)();
        } else if (equals != std::string::npos && settings.contains(name)) {
            settings.at(name)(name, word.substr(equals + 1));
        } else {
            usage_error("unknown option " + word + ".");
        }
    }
    options.python_args.assign(argv + next, argv + argc);
    if (options.dist.empty() && options.wasi.empty()) {
        usage_error("--dist=FOLDER or --wasi=FILE is missing.");
    }
    if (!options.wasi.empty() && !(options.working_folder.empty() && options.clock)) {
        usage_error("--wasi=" + options.wasi + " goes with neither --cwd nor --no-clock.");
    }
    return options;
}

}  // namespace heddle::host
