// Civil time: days and seconds since 1970 in the Gregorian calendar, for any year.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_TIME_CIVIL_H_
#define HEDDLE_WASM_TIME_CIVIL_H_

#include <time.h>

#include <cstdint>

namespace heddle::civil {

inline constexpr int64_t kDay = 86400;

struct Date {
    int64_t year;
    int month;  // 1 to 12
    int day;    // 1 to 31
};

// Days from 1970-01-01 to this date.
int64_t days_from(int64_t year, int month, int day);
Date date_of(int64_t days);
// 0 is Sunday.
int weekday_of(int64_t days);
bool is_leap(int64_t year);

// The fields of a moment, which is given as seconds since 1970 in the zone that is meant. False if the
// year does not fit. tm_isdst and the zone are not touched.
bool fields_of(int64_t seconds, tm* out);
// The other way: fields may be beyond their ranges.
int64_t seconds_of(const tm& fields);

}  // namespace heddle::civil

#endif  // HEDDLE_WASM_TIME_CIVIL_H_
