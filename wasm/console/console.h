// Console: the process's standard streams, on the rings that connect them with the host.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_CONSOLE_CONSOLE_H_
#define HEDDLE_WASM_CONSOLE_CONSOLE_H_

#include <memory>

#include "console/input_ring.h"
#include "console/output_ring.h"
#include "streams/stream_file.h"

namespace heddle {

// Constant-initialised: WASMFS opens the standard streams before any constructor of ours runs.
extern constinit OutputRing g_output;
extern constinit InputRing g_input;

// The console file of stdin (0), stdout (1) or stderr (2).
std::shared_ptr<StreamFile> console_file(int stream);
// Which stream the file is; -1 if it is none of them. file may be null.
int console_stream_of(const std::shared_ptr<StreamFile>& file);

// For PyOS_ReadlineFunctionPointer: waits, showing prompt (may be NULL), for a line of standard
// input. Writes at most capacity bytes, no final 0, up to and including the line end. A longer line
// comes in several calls. Returns the number of bytes; 0 at the end of file; -EINTR when a signal
// interrupted the main thread (nothing was taken; handle it, then call again or give up). Blocks;
// not for the host thread.
int console_readline(const char* prompt, char* buffer, size_t capacity);

}  // namespace heddle

#endif  // HEDDLE_WASM_CONSOLE_CONSOLE_H_
