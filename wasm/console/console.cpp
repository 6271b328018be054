// Console: the two rings, the files on them, and the functions that the host calls.
// SPDX-License-Identifier: MIT
#include "console/console.h"

#include <errno.h>
#include <poll.h>
#include <sys/stat.h>

#include "console/terminal.h"
#include "host/host.h"

namespace heddle {

constinit OutputRing g_output;
constinit InputRing g_input;

namespace {

class InputFile final : public StreamFile {
  public:
    InputFile() : StreamFile(Kind::console, S_IRUSR | S_IWUSR, S_IFCHR) {}

    bool is_terminal(TerminalSize* size_out) override { return heddle::is_terminal(0, size_out); }
    ssize_t receive(Scatter& into, Deadline deadline) override {
        return g_input.read(into, deadline, heddle::is_terminal(0));
    }
    ssize_t send(Gather&, Deadline) override { return -EBADF; }
    short readiness() override { return g_input.readable() ? POLLIN : 0; }
    void note_interest(int change) override { g_input.note_interest(change); }
    size_t available() override { return g_input.available(); }
};

class OutputFile final : public StreamFile {
  public:
    explicit OutputFile(uint32_t stream)
        : StreamFile(Kind::console, S_IRUSR | S_IWUSR, S_IFCHR), stream_(stream) {}

    bool is_terminal(TerminalSize* size_out) override {
        return heddle::is_terminal(static_cast<int>(stream_), size_out);
    }
    ssize_t receive(Scatter&, Deadline) override { return -EBADF; }
    ssize_t send(Gather& from, Deadline deadline) override {
        return g_output.write(stream_, from, deadline);
    }
    short readiness() override { return g_output.writable() ? POLLOUT : 0; }
    size_t available() override { return 0; }

  private:
    const uint32_t stream_;
};

}  // namespace

std::shared_ptr<StreamFile> console_file(int stream) {
    // Never destroyed: other threads may still write while the process exits.
    static const auto* const files = new std::shared_ptr<StreamFile>[3]{
        std::make_shared<InputFile>(), std::make_shared<OutputFile>(1),
        std::make_shared<OutputFile>(2)};
    return files[stream];
}

int console_stream_of(const std::shared_ptr<StreamFile>& file) {
    if (file == nullptr || file->stream_kind() != StreamFile::Kind::console) return -1;
    for (int stream = 0; stream < 3; stream++) {
        if (file == console_file(stream)) return stream;
    }
    return -1;
}

int console_readline(const char* prompt, char* buffer, size_t capacity) {
    return static_cast<int>(g_input.read_line(prompt, buffer, capacity, is_terminal(0)));
}

}  // namespace heddle

using heddle::g_input;
using heddle::g_output;

extern "C" {

int heddle_console_peek(heddle_console_chunk_t* out) {
    heddle::OutputRing::Record record;
    if (!g_output.peek(&record)) return 0;
    *out = {record.stream, record.thread, record.data, record.size};
    return 1;
}

void heddle_console_consume(int wake_writers) {
    using Wake = heddle::OutputRing::Wake;
    g_output.consume(wake_writers != 0 ? Wake::writers : Wake::nobody);
}

const char* heddle_console_prompt(void) { return g_input.prompt().current(); }

int heddle_console_wants_input(void) { return g_input.is_unanswered() ? 1 : 0; }

size_t heddle_console_feed(const uint8_t* data, size_t size) { return g_input.feed(data, size); }

void heddle_console_end_of_file(void) { g_input.end_of_file(); }

}  // extern "C"
