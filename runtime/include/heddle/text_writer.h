// Text writer: builds text and JSON in a fixed buffer, without allocation or locale.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_TEXT_WRITER_H_
#define HEDDLE_TEXT_WRITER_H_

#include <cstddef>
#include <cstdint>

namespace heddle {

// Text that does not fit is counted and dropped.
class TextWriter {
  public:
    TextWriter(char* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    void put_char(char c) {
        if (length_ + 1 < capacity_) buffer_[length_] = c;
        length_++;
    }
    void put(const char* text) {
        for (; *text != 0; text++) put_char(*text);
    }
    void put_number(uint64_t number);
    // A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
    void put_json_string(const char* text);
    // Writes the final 0 (if the capacity is not 0) and gives the length that was needed.
    size_t finish();

  private:
    char* buffer_;
    size_t capacity_;
    size_t length_ = 0;
};

// Bytes of the UTF-8 character at text, which ends with a 0; 0 if it is not valid.
size_t utf8_length(const char* text);

// Copies at most capacity - 1 bytes of a UTF-8 string without cutting a character, and a final 0.
void copy_utf8(char* to, size_t capacity, const char* from);

}  // namespace heddle

#endif  // HEDDLE_TEXT_WRITER_H_
