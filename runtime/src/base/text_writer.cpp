// Text writer: builds text and JSON in a fixed buffer, without allocation or locale.
// SPDX-License-Identifier: MIT
#include "heddle/text_writer.h"

namespace heddle {

void TextWriter::put_number(uint64_t number) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0) put_char(digits[--count]);
}

void TextWriter::put_json_string(const char* text) {
    static constexpr char kHex[] = "0123456789abcdef";
    put_char('"');
    while (*text != 0) {
        const auto byte = static_cast<unsigned char>(*text);
        if (byte == '"' || byte == '\\') {
            put_char('\\');
            put_char(*text++);
        } else if (byte < 0x20 || byte == 0x7f) {
            put("\\u00");
            put_char(kHex[byte >> 4]);
            put_char(kHex[byte & 15]);
            text++;
        } else {
            size_t length = utf8_length(text);
            if (length == 0) {
                put("\\ufffd");
                text++;
            }
            while (length-- > 0) put_char(*text++);
        }
    }
    put_char('"');
}

size_t TextWriter::finish() {
    if (capacity_ > 0) buffer_[length_ < capacity_ ? length_ : capacity_ - 1] = 0;
    return length_;
}

size_t utf8_length(const char* text) {
    const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first == 0) return 0;
    if (first < 0x80) return 1;
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte(i) & 0xc0) != 0x80) return 0;  // the final 0 ends here too
    }
    const unsigned char second = byte(1);
    if (first == 0xe0 && second < 0xa0) return 0;   // overlong
    if (first == 0xed && second >= 0xa0) return 0;  // surrogates
    if (first == 0xf0 && second < 0x90) return 0;   // overlong
    if (first == 0xf4 && second >= 0x90) return 0;  // above U+10FFFF
    return length;
}

void copy_utf8(char* to, size_t capacity, const char* from) {
    size_t used = 0;
    while (*from != 0) {
        size_t length = utf8_length(from);
        if (length == 0) length = 1;  // kept as it is; the writer replaces it
        if (used + length >= capacity) break;
        for (; length > 0; length--) to[used++] = *from++;
    }
    to[used] = 0;
}

}  // namespace heddle
