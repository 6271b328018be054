// Host thread: events, Python's start, the console.
// SPDX-License-Identifier: MIT
#include "host_thread.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "../host/guest_layout.h"
#include "../host/host.h"
#include "build_id.h"
#include "errors.h"
#include "guest_errno.h"
#include "mapped_file.h"
#include "program.h"

namespace heddle::host {
namespace {

constexpr const char* kProgramName = "heddle";

// Events that threads of the program posted and the host thread has not begun. Each thread waits for few of its own.
constexpr size_t kMostOfGuest = 4096;

// Chunks of output between two events of other kinds.
constexpr int kChunksAtOnce = 64;

// What is drained at the end: the console holds a sixteenth of it, the rest is of threads that go on.
constexpr size_t kMostDrainedBytes = size_t{16} * HEDDLE_CONSOLE_BYTES;

std::string mount_error(const std::string& folder, const std::string& path, int error) {
    return "cannot mount " + folder + " at " + path + ": " + guest_errno_text(-error) +
           ". Choose a path where Python has no files of its own.";
}

}  // namespace

void HostThread::post(std::function<void()> event) {
    {
        const std::lock_guard<std::mutex> held(mutex_);
        events_.push_back(std::move(event));
    }
    posted_.notify_one();
}

void HostThread::post_for_guest(std::function<void()> event) {
    {
        std::unique_lock<std::mutex> held(mutex_);
        if (of_guest_ == kMostOfGuest && is_own_thread()) return;
        fewer_.wait(held, [this] { return of_guest_ < kMostOfGuest; });
        of_guest_++;
        events_.push_back([this, event = std::move(event)] {
            {
                const std::lock_guard<std::mutex> held(mutex_);
                of_guest_--;
            }
            fewer_.notify_one();
            event();
        });
    }
    posted_.notify_one();
}

void HostThread::run() {
    program_.load();
    self_ = std::make_unique<Thread>(program_);
    if (!self_->error().empty()) give_up("cannot start python.wasm: " + self_->error());
    self_->bind();
    start_python();
    for (;;) {
        std::unique_lock<std::mutex> held(mutex_);
        posted_.wait(held, [this] { return !events_.empty(); });
        const std::function<void()> event = std::move(events_.front());
        events_.pop_front();
        held.unlock();
        try {
            event();
        } catch (const GuestFault& fault) {
            // The program owns the memory that events are told by.
            program_.crash(std::string("its memory is damaged: ") + fault.what());
        }
    }
}

void HostThread::start_python() {
    const Options& options = program_.options();
    self_->must_call("__wasm_call_ctors");
    chunk_ = static_cast<uint32_t>(self_->must_call("malloc", sizeof(GuestChunk)));

    const std::string archive_path = options.dist + "/stdlib.zip";
    const MappedFile archive(archive_path);
    if (!archive.ok()) give_up("cannot read " + archive_path + ": " + archive.error());
    const uint32_t data = copy_in(archive.data(), archive.size());
    const int added = self_->must_call("heddle_files_add_archive", copy_in(HEDDLE_STDLIB_FOLDER),
                                       data, archive.size());
    if (added != 0) {
        give_up(archive_path + " is no whole archive (errno " + std::to_string(-added) +
                "). Build or install it again.");
    }
    check_same_build(options.dist, archive);

    for (size_t number = 0; number < options.mounts.size(); number++) {
        const auto& [folder, path] = options.mounts[number];
        const int error =
            self_->must_call("heddle_files_mount_host", copy_in(path), copy_in(folder), number);
        if (error != 0) give_up(mount_error(folder, path, error));
    }
    for (const auto& [path, target] : options.links) {
        const int error = self_->must_call("heddle_files_add_link", copy_in(target), copy_in(path));
        if (error != 0) give_up(mount_error(target, path, error));
    }
    if (options.max_threads != 0) self_->must_call("heddle_thread_set_limit", options.max_threads);
    update_terminal();

    // These stay Python's for ever.
    std::vector<uint32_t> argv = {copy_in(kProgramName)};
    for (const std::string& argument : options.python_args) argv.push_back(copy_in(argument));
    const auto argc = static_cast<uint32_t>(argv.size());
    argv.push_back(0);
    const uint32_t vector =
        copy_in(reinterpret_cast<const uint8_t*>(argv.data()), argv.size() * sizeof argv[0]);
    const int started = self_->must_call("_emscripten_proxy_main", argc, vector);
    if (started != 0) give_up("cannot start Python's main thread");
}

uint32_t HostThread::copy_in(const std::string& text) {
    return copy_in(reinterpret_cast<const uint8_t*>(text.c_str()), text.size() + 1);
}

uint32_t HostThread::copy_in(const uint8_t* data, size_t size) {
    const auto address = static_cast<uint32_t>(self_->must_call("malloc", size));
    if (address == 0) program_.crash("no memory for " + std::to_string(size) + " bytes");
    memcpy(program_.memory().bytes(address, size), data, size);
    return address;
}

size_t HostThread::take_chunk() {
    if (self_->must_call("heddle_console_peek", chunk_) == 0) return 0;
    const auto chunk = program_.memory().read<GuestChunk>(chunk_);
    if (chunk.size > HEDDLE_CONSOLE_BYTES) throw GuestFault("more output than the console holds");
    const uint8_t* data = program_.memory().bytes(chunk.data, chunk.size);
    program_.output().write(chunk.stream == 2 ? STDERR_FILENO : STDOUT_FILENO,
                            {reinterpret_cast<const char*>(data), chunk.size});
    self_->must_call("heddle_console_consume", /*wake_writers=*/program_.is_ending() ? 0 : 1);
    return chunk.size;
}

void HostThread::pump_output() {
    for (int taken = 0; program_.output().has_room(); taken++) {
        if (taken == kChunksAtOnce) return post([this] { pump_output(); });
        if (take_chunk() == 0) return;
    }
    // The writer calls again once there is room.
}

void HostThread::on_room() {
    input_.on_room();
    pump_output();
}

void HostThread::drain_output() {
    // Other threads may go on to print for ever.
    for (size_t taken = 0; taken < kMostDrainedBytes;) {
        const size_t size = take_chunk();
        if (size == 0) return;
        taken += size;
    }
}

void HostThread::signal(int signum) {
    const bool is_default =
        self_->must_call("heddle_program_signal_action", signum) == HEDDLE_SIGNAL_DEFAULT;
    if (is_default) program_.finish_on_host_thread(128 + signum, Program::End::forced);
    self_->must_call("heddle_signal_post", signum);
}

void HostThread::update_terminal() {
    int streams = 0;
    for (int fd = 0; fd <= 2; fd++) streams |= isatty(fd) ? 1 << fd : 0;
    if (streams == 0) return;
    winsize size{};
    for (int fd = 2; fd >= 0; fd--) {
        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) break;
    }
    const int columns = size.ws_col > 0 ? size.ws_col : 80;
    const int rows = size.ws_row > 0 ? size.ws_row : 24;
    self_->must_call("heddle_console_set_terminal", streams, columns, rows);
}

void HostThread::give_stdlib_rest() {
    const std::string path = program_.options().dist + "/stdlib-rest.zip";
    const MappedFile archive(path);
    const uint32_t size = archive.ok() ? static_cast<uint32_t>(archive.size()) : 0;
    const uint32_t data = archive.ok() ? copy_in(archive.data(), archive.size()) : 0;
    const bool taken = self_->must_call("heddle_files_give_archive", data, size) == 0;
    if (archive.ok() && taken) return;
    const std::string reason =
        archive.ok() ? "it is damaged or of another build than stdlib.zip" : archive.error();
    if (!program_.output().has_room()) return;  // forged requests have no end
    program_.output().write(STDERR_FILENO, "heddle: an import needs " + path + ": " + reason +
                                               ". Build or install it again.\n");
}

// Without them tracebacks through the library go without its lines.
void HostThread::give_stdlib_sources() {
    const MappedFile archive(program_.options().dist + "/stdlib-sources.zip");
    const uint32_t size = archive.ok() ? static_cast<uint32_t>(archive.size()) : 0;
    const uint32_t data = archive.ok() ? copy_in(archive.data(), archive.size()) : 0;
    const bool taken = self_->must_call("heddle_files_give_sources", data, size) == 0;
    if (archive.ok() && !taken) self_->must_call("free", data);
}

void HostThread::notice(int event) {
    if (event == HEDDLE_EVENT_OUTPUT) {
        pump_output();
    } else if (event == HEDDLE_EVENT_INPUT) {
        input_.wanted();
    } else if (event == HEDDLE_EVENT_EXIT) {
        program_.finish_on_host_thread(self_->must_call("heddle_program_exit_code"),
                                       Program::End::own);
    } else if (event == HEDDLE_EVENT_ARCHIVE) {
        give_stdlib_rest();
    } else if (event == HEDDLE_EVENT_SOURCES) {
        give_stdlib_sources();
    }
}

}  // namespace heddle::host
