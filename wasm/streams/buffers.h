// Gather and Scatter: walking over the pieces of memory that one read or write call names.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_STREAMS_BUFFERS_H_
#define HEDDLE_WASM_STREAMS_BUFFERS_H_

#include <wasi/api.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heddle {

// A position in a list of pieces. `Piece` is __wasi_iovec_t or __wasi_ciovec_t.
template <typename Piece>
class Pieces {
  public:
    Pieces(const Piece* pieces, size_t count) : piece_(pieces) {
        for (size_t i = 0; i < count; i++) left_ += pieces[i].buf_len;
    }

    // Bytes from here to the end.
    size_t left() const { return left_; }

  protected:
    // Calls move(address, size) for the next pieces, `size` bytes (at most left()) together.
    template <typename Move>
    void advance(size_t size, Move move) {
        while (size > 0) {
            const size_t step = std::min(size, size_t{piece_->buf_len} - used_);
            if (step > 0) move(piece_->buf + used_, step);
            used_ += step;
            left_ -= step;
            size -= step;
            if (used_ == piece_->buf_len && left_ > 0) {
                piece_++;
                used_ = 0;
            }
        }
    }

  private:
    const Piece* piece_;
    size_t used_ = 0;  // bytes of *piece_ behind us
    size_t left_ = 0;
};

// What a write takes its bytes from.
class Gather : public Pieces<__wasi_ciovec_t> {
  public:
    using Pieces::Pieces;
    // Copies the next `size` bytes to `out`.
    void take(uint8_t* out, size_t size) {
        advance(size, [&](const uint8_t* data, size_t step) {
            std::memcpy(out, data, step);
            out += step;
        });
    }
};

// Where a read puts its bytes.
class Scatter : public Pieces<__wasi_iovec_t> {
  public:
    using Pieces::Pieces;
    // Fills the next `size` bytes from `in`.
    void put(const uint8_t* in, size_t size) {
        advance(size, [&](uint8_t* data, size_t step) {
            std::memcpy(data, in, step);
            in += step;
        });
    }
};

}  // namespace heddle

#endif  // HEDDLE_WASM_STREAMS_BUFFERS_H_
