// Open pair: opening both ends.
// SPDX-License-Identifier: MIT
#include "streams/open_pair.h"

#include <errno.h>
#include <unistd.h>

#include "streams/close_on_exec.h"

namespace heddle {

int open_pair(End first, End second, bool close_on_exec, int* fds) {
    if (fds == nullptr) return -EFAULT;
    const int one = open_descriptor(std::move(first.file), first.flags);
    if (one < 0) return one;
    const int other = open_descriptor(std::move(second.file), second.flags);
    if (other < 0) {
        close(one);
        return other;
    }
    fds[0] = one;
    fds[1] = other;
    for (int i = 0; i < 2; i++) set_close_on_exec(fds[i], close_on_exec);
    return 0;
}

}  // namespace heddle
