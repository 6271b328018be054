// Output: writes to stdout and stderr in order, on a thread of its own.
// SPDX-License-Identifier: MIT
//
// So nobody waits for a slow reader but the program's own writers.
#ifndef HEDDLE_WASM_WASMTIME_OUTPUT_H_
#define HEDDLE_WASM_WASMTIME_OUTPUT_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace heddle::host {

class OutputWriter {
  public:
    // on_broken_pipe: nobody reads a stream any more. on_room: has_room() said no and may say yes
    // now. Both are called on the writer's own thread.
    OutputWriter(std::function<void()> on_broken_pipe, std::function<void()> on_room);
    OutputWriter(const OutputWriter&) = delete;
    OutputWriter& operator=(const OutputWriter&) = delete;

    // Takes bytes. Any thread; never blocks.
    void write(int fd, std::string_view bytes);
    // False: too much is waiting already; on_room() will tell.
    bool has_room();
    // Blocks until has_room() would be true.
    void wait_for_room();
    // Waits until all is written, or that long. True if something was lost.
    bool flush(std::optional<std::chrono::milliseconds> limit = std::nullopt);

  private:
    struct Piece {
        int fd;
        std::string bytes;
    };

    void run();
    void write_out(const Piece& piece);
    void report_lost(int fd, int error);

    const std::function<void()> on_broken_pipe_;
    const std::function<void()> on_room_;

    std::mutex mutex_;
    std::condition_variable changed_;
    // Under mutex_:
    std::deque<Piece> waiting_;
    size_t waiting_bytes_ = 0;
    bool writing_ = false;
    bool room_wanted_ = false;
    bool started_ = false;
    bool lost_ = false;
};

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_OUTPUT_H_
