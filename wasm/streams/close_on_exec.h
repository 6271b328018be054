// Close-on-exec: remembering FD_CLOEXEC for each descriptor, because programs ask for it.
// SPDX-License-Identifier: MIT
//
// There is no exec() here, so the flag means nothing; but Python promises descriptors that are not
// inheritable, checks that open() made one, and makes two more calls per open() if it did not.
#ifndef HEDDLE_WASM_STREAMS_CLOSE_ON_EXEC_H_
#define HEDDLE_WASM_STREAMS_CLOSE_ON_EXEC_H_

namespace heddle {

// Never blocks; any thread. Descriptors above 4095 always say false.
void set_close_on_exec(int fd, bool value);
bool is_close_on_exec(int fd);

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_CLOSE_ON_EXEC_H_
