// Guest errno: translating by the list that all hosts share.
// SPDX-License-Identifier: MIT
#include "guest_errno.h"

#include <cerrno>
#include <cstring>

#include "../host/errnos.h"

namespace heddle::host {
namespace {

#define HEDDLE_ENTRY(name, number) {name, number},
constexpr struct {
    int ours;
    int32_t guests;
} kErrnos[] = {HEDDLE_HOST_ERRNOS(HEDDLE_ENTRY)};
#undef HEDDLE_ENTRY

}  // namespace

int32_t to_guest_errno(int error) {
    int32_t io_error = 0;
    for (const auto& entry : kErrnos) {
        if (entry.ours == error) return entry.guests;
        if (entry.ours == EIO) io_error = entry.guests;
    }
    return io_error;
}

std::string guest_errno_text(int32_t error) {
    for (const auto& entry : kErrnos) {
        if (entry.guests == error) return strerror(entry.ours);
    }
    return "errno " + std::to_string(error);
}

}  // namespace heddle::host
