// POSIX rule: reading it, and what it says of a moment.
// SPDX-License-Identifier: MIT
#include "time/posix_rule.h"

#include <algorithm>
#include <cctype>

#include "time/civil.h"

namespace heddle {
namespace {

constexpr std::string_view kDefaultChanges = ",M3.2.0,M11.1.0";
constexpr size_t kLeastName = 3;

bool take(std::string_view* text, char wanted) {
    if (!text->starts_with(wanted)) return false;
    text->remove_prefix(1);
    return true;
}

bool take_number(std::string_view* text, int most, int* out) {
    int number = 0;
    size_t digits = 0;
    while (digits < text->size() && std::isdigit(static_cast<unsigned char>((*text)[digits]))) {
        number = number * 10 + ((*text)[digits++] - '0');
        if (number > most) return false;
    }
    if (digits == 0) return false;
    text->remove_prefix(digits);
    *out = number;
    return true;
}

// EST, or <+03> with digits and signs.
bool take_name(std::string_view* text, std::string* out) {
    const bool is_quoted = take(text, '<');
    size_t size = 0;
    while (size < text->size()) {
        const auto letter = static_cast<unsigned char>((*text)[size]);
        const bool fits = is_quoted ? std::isalnum(letter) || letter == '+' || letter == '-'
                                    : std::isalpha(letter) != 0;
        if (!fits) break;
        size++;
    }
    if (size < kLeastName) return false;
    *out = text->substr(0, size);
    text->remove_prefix(size);
    return !is_quoted || take(text, '>');
}

// [+-]hh[:mm[:ss]], in seconds.
bool take_time(std::string_view* text, int most_hours, int32_t* out) {
    const bool is_negative = take(text, '-');
    if (!is_negative) take(text, '+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!take_number(text, most_hours, &hours)) return false;
    if (take(text, ':') && !take_number(text, 59, &minutes)) return false;
    if (take(text, ':') && !take_number(text, 59, &seconds)) return false;
    const int32_t time = hours * 3600 + minutes * 60 + seconds;
    *out = is_negative ? -time : time;
    return true;
}

constexpr int kMostOffsetHours = 24;
constexpr int kMostChangeHours = 167;

}  // namespace

bool PosixRule::Change::parse(std::string_view* text) {
    if (!take(text, ',')) return false;
    if (take(text, 'M')) {
        kind = Kind::month_week_day;
        if (!take_number(text, 12, &month) || month == 0 || !take(text, '.')) return false;
        if (!take_number(text, 5, &week) || week == 0 || !take(text, '.')) return false;
        if (!take_number(text, 6, &day)) return false;
    } else {
        kind = take(text, 'J') ? Kind::day_without_leap : Kind::day;
        if (!take_number(text, 365, &day)) return false;
        if (kind == Kind::day_without_leap && day == 0) return false;
    }
    return !take(text, '/') || take_time(text, kMostChangeHours, &time);
}

int64_t PosixRule::Change::in(int64_t year) const {
    int64_t days = civil::days_from(year, 1, 1);
    if (kind == Kind::day) {
        days += day;
    } else if (kind == Kind::day_without_leap) {
        constexpr int kLastOfFebruary = 59;
        days += day - 1 + (civil::is_leap(year) && day > kLastOfFebruary ? 1 : 0);
    } else {
        const int64_t first = civil::days_from(year, month, 1);
        const int64_t next = civil::days_from(month == 12 ? year + 1 : year, month % 12 + 1, 1);
        days = first + (day - civil::weekday_of(first) + 7) % 7 + 7 * (week - 1);
        while (days >= next) days -= 7;
    }
    return days * civil::kDay + time;
}

bool PosixRule::parse(std::string_view text, PosixRule* out) {
    PosixRule rule;
    if (!take_name(&text, &rule.name_)) return false;
    if (!take_time(&text, kMostOffsetHours, &rule.offset_)) return false;
    rule.offset_ = -rule.offset_;
    if (!text.empty()) {
        if (!take_name(&text, &rule.summer_name_)) return false;
        rule.summer_offset_ = rule.offset_ + 3600;
        if (!text.empty() && text.front() != ',') {
            if (!take_time(&text, kMostOffsetHours, &rule.summer_offset_)) return false;
            rule.summer_offset_ = -rule.summer_offset_;
        }
        if (text.empty()) text = kDefaultChanges;
        if (!rule.start_.parse(&text) || !rule.end_.parse(&text) || !text.empty()) return false;
    }
    *out = std::move(rule);
    return true;
}

PosixRule PosixRule::utc(std::string_view name) {
    PosixRule rule;
    rule.name_ = name;
    return rule;
}

LocalTime PosixRule::at(int64_t time) const {
    const LocalTime standard{.offset = offset_, .is_dst = false, .name = name_.c_str()};
    if (summer_name_.empty()) return standard;
    const LocalTime summer{.offset = summer_offset_, .is_dst = true, .name = summer_name_.c_str()};
    // A change may lie some days out of its year, so the years around count too: the last one before
    // this moment says what holds. As in glibc, 1970 has the first changes, and what holds before them
    // holds for ever.
    constexpr int64_t kFirst = 1970;
    const auto start_in = [this](int64_t year) { return start_.in(year)-offset_; };
    const auto end_in = [this](int64_t year) { return end_.in(year)-summer_offset_; };
    const int64_t year = civil::date_of((time + offset_) / civil::kDay).year;
    int64_t last = INT64_MIN;
    bool is_summer = start_in(kFirst) > end_in(kFirst);
    for (int64_t each = std::max(year - 1, kFirst); each <= year + 1; each++) {
        const int64_t start = start_in(each);
        const int64_t end = end_in(each);
        // Where both are at one moment (summer time for ever), the start wins.
        if (end <= time && end >= last) last = end, is_summer = false;
        if (start <= time && start >= last) last = start, is_summer = true;
    }
    return is_summer ? summer : standard;
}

}  // namespace heddle
