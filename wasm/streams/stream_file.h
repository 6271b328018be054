// Stream file: what an open descriptor refers to when reading or writing it may wait.
// SPDX-License-Identifier: MIT
//
// Overview
//   WASMFS calls a File's read() and write() with its own locks held, so those must not wait for
//   long. descriptors.cpp therefore recognises stream files (console, pipes, sockets) before WASMFS
//   sees the call, and talks to them through receive() and send(), with no WASMFS lock held.
//
// Sizes of requests are given by Gather and Scatter; results are bytes, or negative errno values.
#ifndef HEDDLE_WASM_STREAMS_STREAM_FILE_H_
#define HEDDLE_WASM_STREAMS_STREAM_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "file.h"
#include "heddle/time.h"
#include "streams/buffers.h"

namespace heddle {

// The size of a terminal, in characters.
struct TerminalSize {
    uint16_t columns;
    uint16_t rows;
};

class StreamFile : public wasmfs::DataFile {
  public:
    enum class Kind { console, pipe, socket };

    // kind_bits: S_IFCHR, S_IFIFO or S_IFSOCK.
    StreamFile(Kind kind, mode_t mode, mode_t kind_bits);

    Kind stream_kind() const { return stream_kind_; }

    // Read and write: wait until the deadline for the first byte / for all bytes to go. -EAGAIN
    // when the deadline came, -EINTR when a signal interrupted the main thread, before anything
    // moved; -EBADF for a direction that this end does not have. Any thread; on the host thread
    // only with a deadline that is over.
    virtual ssize_t receive(Scatter& into, Deadline deadline) = 0;
    virtual ssize_t send(Gather& from, Deadline deadline) = 0;
    // POLLIN, POLLOUT, POLLERR, POLLHUP as they hold at this moment. Changes ring g_readiness.
    virtual short readiness() = 0;
    // poll() starts (+1) or stops (-1) to wait for POLLIN.
    virtual void note_interest(int change);
    // Bytes that can be read at once.
    virtual size_t available() = 0;
    // A pipe's capacity in bytes, after it was changed to at least `wanted` if that is not 0. -EBADF for
    // what is no pipe; else as Channel::resize().
    virtual int pipe_capacity(uint32_t wanted);
    // Whether it is a terminal, and then its size (size_out may be null).
    virtual bool is_terminal(TerminalSize* size_out);

  protected:
    // For calls that WASMFS makes itself (mmap() of a stream, say): they wait for a moment only.
    ssize_t read(uint8_t* buffer, size_t size, off_t offset) override;
    ssize_t write(const uint8_t* buffer, size_t size, off_t offset) override;
    int open(wasmfs::oflags_t) override { return 0; }
    int close() override { return 0; }
    int flush() override { return 0; }
    off_t getSize() override { return 0; }
    int setSize(off_t size) override;

  private:
    const Kind stream_kind_;
};

// Whether the file is a StreamFile; null if not.
std::shared_ptr<StreamFile> as_stream(const std::shared_ptr<wasmfs::File>& file);

// What a descriptor refers to at this moment.
struct Descriptor {
    std::shared_ptr<wasmfs::File> file;  // null: the descriptor is not open
    int flags = 0;                       // as given to open(): access mode, O_APPEND, O_NONBLOCK

    bool is_open() const { return file != nullptr; }
    bool is_nonblocking() const;
    bool can_read() const;
    bool can_write() const;
};
Descriptor look_up(int fd);

// Opens a descriptor for the file. The descriptor, or a negative errno value.
int open_descriptor(std::shared_ptr<wasmfs::File> file, int flags);

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_STREAM_FILE_H_
