// Tests of the text writer: JSON strings, UTF-8, cutting.
// SPDX-License-Identifier: MIT
#include "heddle/text_writer.h"

#include <cstring>

#include "support.h"

namespace heddle::test {
namespace {

std::string json(const char* text) {
    char buffer[256];
    TextWriter writer(buffer, sizeof buffer);
    writer.put_json_string(text);
    EXPECT_EQ(writer.finish(), strlen(buffer));
    return buffer;
}

TEST(TextWriter, EscapesWhatJsonForbids) {
    EXPECT_EQ(json("a\"b\\c\n\x01\x7f"), "\"a\\\"b\\\\c\\u000a\\u0001\\u007f\"");
    EXPECT_EQ(json(""), "\"\"");
}

TEST(TextWriter, KeepsUtf8AndReplacesWhatIsNot) {
    EXPECT_EQ(json("Fäden 🧵"), "\"Fäden 🧵\"");
    EXPECT_EQ(json("\xff"), "\"\\ufffd\"");
    EXPECT_EQ(json("\xc3"), "\"\\ufffd\"");                        // cut
    EXPECT_EQ(json("\xe0\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\"");  // overlong
    EXPECT_EQ(json("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\"");  // surrogate
}

TEST(TextWriter, CountsWhatDoesNotFit) {
    char buffer[4];
    TextWriter writer(buffer, sizeof buffer);
    writer.put("threads");
    writer.put_number(UINT64_MAX);
    EXPECT_EQ(writer.finish(), 27U);
    EXPECT_STREQ(buffer, "thr");
    TextWriter nothing(nullptr, 0);
    nothing.put("abc");
    EXPECT_EQ(nothing.finish(), 3U);
}

TEST(TextWriter, CopiesNamesWithoutCuttingACharacter) {
    char buffer[6];
    copy_utf8(buffer, sizeof buffer, "abc🧵");
    EXPECT_STREQ(buffer, "abc");
    copy_utf8(buffer, sizeof buffer, "a🧵b");
    EXPECT_STREQ(buffer, "a🧵");
}

}  // namespace
}  // namespace heddle::test
