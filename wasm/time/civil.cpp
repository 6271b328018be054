// Civil time: years begin in March here, so that a leap day is the last one and months have a formula.
// SPDX-License-Identifier: MIT
#include "time/civil.h"

#include <limits>

namespace heddle::civil {
namespace {

// The calendar repeats itself after 400 years.
constexpr int64_t kEraYears = 400;
constexpr int64_t kEraDays = 146097;
// From 0000-03-01 to 1970-01-01.
constexpr int64_t kEpoch = 719468;

constexpr int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
constexpr int64_t floor_mod(int64_t a, int64_t b) { return a - floor_div(a, b) * b; }

// Days before a month, counted from March.
constexpr int64_t days_before(int64_t month) { return (153 * month + 2) / 5; }

}  // namespace

int64_t days_from(int64_t year, int month, int day) {
    const int64_t of_year = month > 2 ? year : year - 1;
    const int64_t era = floor_div(of_year, kEraYears);
    const int64_t in_era = floor_mod(of_year, kEraYears);
    const int64_t days = days_before(month > 2 ? month - 3 : month + 9) + day - 1;
    return era * kEraDays + in_era * 365 + in_era / 4 - in_era / 100 + days - kEpoch;
}

Date date_of(int64_t days) {
    days += kEpoch;
    const int64_t era = floor_div(days, kEraDays);
    const int64_t in_era = floor_mod(days, kEraDays);
    const int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    const int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * in_year + 2) / 153;
    const int64_t day = in_year - days_before(month) + 1;
    return {.year = era * kEraYears + year + (month >= 10 ? 1 : 0),
            .month = static_cast<int>(month < 10 ? month + 3 : month - 9),
            .day = static_cast<int>(day)};
}

int weekday_of(int64_t days) { return static_cast<int>(floor_mod(days + 4, 7)); }

bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

bool fields_of(int64_t seconds, tm* out) {
    const int64_t days = floor_div(seconds, kDay);
    const auto in_day = static_cast<int>(floor_mod(seconds, kDay));
    const Date date = date_of(days);
    const int64_t year = date.year - 1900;
    if (year < std::numeric_limits<int>::min() || year > std::numeric_limits<int>::max())
        return false;
    out->tm_year = static_cast<int>(year);
    out->tm_mon = date.month - 1;
    out->tm_mday = date.day;
    out->tm_hour = in_day / 3600;
    out->tm_min = in_day / 60 % 60;
    out->tm_sec = in_day % 60;
    out->tm_wday = weekday_of(days);
    out->tm_yday = static_cast<int>(days - days_from(date.year, 1, 1));
    return true;
}

int64_t seconds_of(const tm& fields) {
    const int64_t year = int64_t{1900} + fields.tm_year + floor_div(fields.tm_mon, 12);
    const auto month = static_cast<int>(floor_mod(fields.tm_mon, 12)) + 1;
    const int64_t days = days_from(year, month, 1) + fields.tm_mday - 1;
    return days * kDay + int64_t{fields.tm_hour} * 3600 + int64_t{fields.tm_min} * 60 +
           fields.tm_sec;
}

}  // namespace heddle::civil
