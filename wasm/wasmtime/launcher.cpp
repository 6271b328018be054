// Launcher: reading and writing its messages.
// SPDX-License-Identifier: MIT
#include "launcher.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace heddle::host {
namespace {

void read_bytes(int fd, void* out, size_t size) {
    auto* bytes = static_cast<char*>(out);
    while (size > 0) {
        const ssize_t count = read(fd, bytes, size);
        if (count == 0 || (count < 0 && errno != EINTR)) _exit(128 + SIGHUP);
        if (count < 0) continue;
        bytes += count;
        size -= static_cast<size_t>(count);
    }
}

std::string read_sized(int fd) {
    uint32_t size;
    read_bytes(fd, &size, sizeof size);
    std::string bytes(size, '\0');
    read_bytes(fd, bytes.data(), size);
    return bytes;
}

}  // namespace

void read_launcher(int fd, const std::function<void(int signum)>& on_signal,
                   const std::function<void(InputAnswer)>& on_answer) {
    for (;;) {
        char kind;
        read_bytes(fd, &kind, 1);
        if (kind == 'S') {
            uint8_t signum;
            read_bytes(fd, &signum, 1);
            on_signal(signum);
        } else if (kind == 'L') {
            on_answer({InputAnswer::Kind::bytes, read_sized(fd)});
        } else {
            on_answer({kind == 'E' ? InputAnswer::Kind::end : InputAnswer::Kind::none, ""});
        }
    }
}

std::string line_request(const std::string* prompt) {
    if (prompt == nullptr) return "R";
    const auto size = static_cast<uint32_t>(prompt->size());
    return "P" + std::string(reinterpret_cast<const char*>(&size), sizeof size) + *prompt;
}

}  // namespace heddle::host
