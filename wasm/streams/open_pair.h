// Open pair: the two descriptors that pipe() and socketpair() give.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_STREAMS_OPEN_PAIR_H_
#define HEDDLE_WASM_STREAMS_OPEN_PAIR_H_

#include <memory>

#include "streams/stream_file.h"

namespace heddle {

// One end: its file, and flags as open() takes them.
struct End {
    std::shared_ptr<StreamFile> file;
    int flags;
};

// Opens a descriptor for each end, both or none. 0 and fds[0], fds[1] filled in, or -errno.
int open_pair(End first, End second, bool close_on_exec, int* fds);

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_OPEN_PAIR_H_
