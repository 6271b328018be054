// Stream file: recognising stream files, and looking descriptors up.
// SPDX-License-Identifier: MIT
#include "streams/stream_file.h"

#include <errno.h>
#include <fcntl.h>

#include "backend.h"
#include "streams/io_wait.h"
#include "wasmfs.h"

namespace heddle {
namespace {

// How long a read or write may last that WASMFS makes with its locks held.
constexpr int64_t kDirectCallLimitNs = 1 * kSecond;

// WASMFS asks a file for its backend; this one makes nothing and only marks stream files, which
// works without run-time type information.
class StreamBackend final : public wasmfs::Backend {
  public:
    std::shared_ptr<wasmfs::DataFile> createFile(mode_t) override { return nullptr; }
    std::shared_ptr<wasmfs::Directory> createDirectory(mode_t) override { return nullptr; }
    std::shared_ptr<wasmfs::Symlink> createSymlink(std::string) override { return nullptr; }
};

wasmfs::backend_t stream_backend() {
    static StreamBackend backend;
    return &backend;
}

Deadline direct_call_deadline() {
    const Deadline deadline = io_deadline(/*nonblocking=*/false);
    return deadline == kNever ? deadline_after(kDirectCallLimitNs) : deadline;
}

}  // namespace

StreamFile::StreamFile(Kind kind, mode_t mode, mode_t kind_bits)
    : DataFile(mode, stream_backend(), kind_bits), stream_kind_(kind) {
    seekable = false;
}

void StreamFile::note_interest(int) {}
int StreamFile::pipe_capacity(uint32_t) { return -EBADF; }

bool StreamFile::is_terminal(TerminalSize*) { return false; }

ssize_t StreamFile::read(uint8_t* buffer, size_t size, off_t) {
    const __wasi_iovec_t piece{buffer, size};
    Scatter into(&piece, 1);
    return receive(into, direct_call_deadline());
}

ssize_t StreamFile::write(const uint8_t* buffer, size_t size, off_t) {
    const __wasi_ciovec_t piece{buffer, size};
    Gather from(&piece, 1);
    return send(from, direct_call_deadline());
}

int StreamFile::setSize(off_t) { return -EINVAL; }

std::shared_ptr<StreamFile> as_stream(const std::shared_ptr<wasmfs::File>& file) {
    if (file == nullptr || file->getBackend() != stream_backend()) return nullptr;
    return std::static_pointer_cast<StreamFile>(file);
}

bool Descriptor::is_nonblocking() const { return (flags & O_NONBLOCK) != 0; }
bool Descriptor::can_read() const { return (flags & O_ACCMODE) != O_WRONLY; }
bool Descriptor::can_write() const { return (flags & O_ACCMODE) != O_RDONLY; }

Descriptor look_up(int fd) {
    if (fd < 0) return {};
    auto entry = wasmfs::wasmFS.getFileTable().locked().getEntry(static_cast<__wasi_fd_t>(fd));
    if (!entry) return {};
    auto locked = entry->locked();
    return {locked.getFile(), static_cast<int>(locked.getFlags())};
}

int open_descriptor(std::shared_ptr<wasmfs::File> file, int flags) {
    std::shared_ptr<wasmfs::OpenFileState> state;
    const auto bits = static_cast<wasmfs::oflags_t>(flags);
    if (int error = wasmfs::OpenFileState::create(std::move(file), bits, state)) return error;
    return static_cast<int>(wasmfs::wasmFS.getFileTable().locked().addEntry(std::move(state)));
}

}  // namespace heddle
