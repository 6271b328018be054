// Procfs: where it is mounted, from the system's own table.
// SPDX-License-Identifier: MIT
#include "proc_folders.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "errors.h"

namespace heddle::host {
namespace {

// The table writes spaces and the like as \ and three octal digits.
std::string unescaped(const std::string& text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] != '\\' || i + 3 >= text.size()) {
            plain += text[i];
            continue;
        }
        const auto digit = [&](size_t at) { return text[i + at] - '0'; };
        plain += static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3));
        i += 3;
    }
    return plain;
}

}  // namespace

bool lies_in(const std::string& path, const std::string& folder) {
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

void refuse_proc_folder(const std::string& folder) {
    char* resolved = realpath(folder.c_str(), nullptr);
    const std::string real = resolved != nullptr ? resolved : folder;
    free(resolved);
    std::ifstream table("/proc/self/mountinfo");
    for (std::string line; std::getline(table, line);) {
        if (line.find(" - proc ") == std::string::npos) continue;
        // proc(5): the mount point is the fifth field.
        std::istringstream fields(line);
        std::string field;
        for (int i = 0; i < 5; i++) fields >> field;
        const std::string proc = unescaped(field);
        if (!lies_in(proc, real) && !lies_in(real, proc)) continue;
        give_up("cannot mount " + folder + ": " + proc +
                " would be in reach, and with it this process's memory. Name a folder without it.");
    }
}

}  // namespace heddle::host
