// strftime: what musl's does not know stays in the text as it is, as with glibc.
// SPDX-License-Identifier: MIT
//
// musl's strftime() ends with nothing at a conversion that it does not know, or a % at the end, which
// CPython then takes for a text that does not fit. Of glibc's own conversions %k, %l and %P are here.
#include <stddef.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view kFlags = "-_0+";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kModifiers = "EO";
constexpr std::string_view kConversions = "%aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyYzZ";

// How many characters from `at` on are in the set.
size_t span(std::string_view text, size_t at, std::string_view set) {
    const size_t end = text.find_first_not_of(set, at);
    return (end == std::string_view::npos ? text.size() : end) - at;
}

// Appends what glibc's strftime() says for a conversion that only it has.
bool of_glibc(char conversion, const tm& time, std::string* out) {
    const auto hour = [out](int hour) {
        if (hour < 10) *out += ' ';
        *out += std::to_string(hour);
        return true;
    };
    switch (conversion) {
        case 'k':
            return hour(time.tm_hour);
        case 'l':
            return hour((time.tm_hour + 11) % 12 + 1);
        case 'P':
            *out += time.tm_hour < 12 ? "am" : "pm";
            return true;
        default:
            return false;
    }
}

// The format for musl's: each % that begins no conversion is doubled.
std::string known(std::string_view format, const tm& time) {
    std::string result;
    for (size_t at = 0; at < format.size();) {
        const size_t percent = std::min(format.find('%', at), format.size());
        result += format.substr(at, percent - at);
        if (percent == format.size()) break;
        size_t end = percent + 1;
        end += span(format, end, kFlags);
        end += span(format, end, kDigits);
        end += span(format, end, kModifiers) > 0 ? 1 : 0;
        if (end == percent + 1 && end < format.size() && of_glibc(format[end], time, &result)) {
            at = end + 1;
            continue;
        }
        const bool is_known =
            end < format.size() && kConversions.find(format[end]) != std::string_view::npos;
        if (!is_known) result += '%';
        result += '%';
        at = percent + 1;
        if (is_known) {
            result += format.substr(at, end + 1 - at);
            at = end + 1;
        }
    }
    return result;
}

}  // namespace

extern "C" {

size_t __real_strftime(char* out, size_t size, const char* format, const tm* time);

size_t __wrap_strftime(char* out, size_t size, const char* format, const tm* time) {
    return __real_strftime(out, size, known(format, *time).c_str(), time);
}

}  // extern "C"
