// POSIX rule: what TZ says in the form EST5EDT,M3.2.0,M11.1.0 (POSIX, 8.3; RFC 9636, 3.3.1).
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_TIME_POSIX_RULE_H_
#define HEDDLE_WASM_TIME_POSIX_RULE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace heddle {

// What holds in a zone at a moment. The name lives as long as the zone.
struct LocalTime {
    int32_t offset = 0;  // seconds east of UTC
    bool is_dst = false;
    const char* name = "UTC";
};

class PosixRule {
  public:
    // False if the text has another form. Summer time without a rule begins and ends as in the United
    // States.
    static bool parse(std::string_view text, PosixRule* out);
    // UTC under a name.
    static PosixRule utc(std::string_view name);

    LocalTime at(int64_t time) const;

  private:
    struct Change {
        enum class Kind { month_week_day, day_without_leap, day } kind = Kind::month_week_day;
        int month = 0, week = 0, day = 0;
        int32_t time = 2 * 3600;  // of the day, in seconds

        bool parse(std::string_view* text);
        // The local second of the change in a year, counted from 1970.
        int64_t in(int64_t year) const;
    };

    std::string name_ = "UTC";
    int32_t offset_ = 0;
    std::string summer_name_;  // empty: there is no summer time
    int32_t summer_offset_ = 0;
    Change start_, end_;  // of summer time
};

}  // namespace heddle

#endif  // HEDDLE_WASM_TIME_POSIX_RULE_H_
