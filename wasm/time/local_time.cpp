// Local time: libc's tzset(), localtime_r(), mktime() and what belongs to them, on our zones.
// SPDX-License-Identifier: MIT
//
// Emscripten's own ask JavaScript, which knows one zone without the names that programs expect. As in
// glibc, mktime() looks at TZ each time, and localtime_r() once: then it is for tzset() to look again.
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "heddle/lock.h"
#include "host/host.h"
#include "time/civil.h"
#include "time/zone.h"

namespace heddle {
namespace {

Lock g_lock;                                                        // of the map
std::map<std::string, std::unique_ptr<Zone>, std::less<>> g_zones;  // Z1
std::atomic<const Zone*> g_zone{nullptr};                           // Z2

// Beyond this no year fits into a tm; sums with offsets stay far from the ends of the type.
constexpr int64_t kMostSeconds = int64_t{1} << 56;

// The name of the host's zone; UTC if it tells none.
std::string zone_of_host() {
    char name[128];
    const int size = heddle_host_time_zone(name, sizeof name);
    if (size <= 0 || static_cast<size_t>(size) > sizeof name) return "UTC";
    return {name, static_cast<size_t>(size)};
}

const Zone* find_zone() {
    const char* tz = getenv("TZ");
    const std::lock_guard<Lock> held(g_lock);
    static const std::string host = zone_of_host();
    std::unique_ptr<Zone>& zone = g_zones[tz != nullptr ? tz : host];
    if (zone == nullptr) zone = std::make_unique<Zone>(tz != nullptr ? tz : host);
    return zone.get();
}

const Zone& zone_in_use() {
    if (const Zone* zone = g_zone.load(std::memory_order_acquire)) return *zone;
    tzset();
    return *g_zone.load(std::memory_order_acquire);
}

bool fill(const Zone& zone, int64_t time, tm* out) {
    if (time > kMostSeconds || time < -kMostSeconds) return false;
    const LocalTime local = zone.at(time);
    if (!civil::fields_of(time + local.offset, out)) return false;
    out->tm_isdst = local.is_dst ? 1 : 0;
    out->__tm_gmtoff = local.offset;
    out->__tm_zone = local.name;
    return true;
}

// The offset that holds at a local second, or was to hold by what the caller says of summer time.
int32_t offset_at(const Zone& zone, int64_t local, int is_dst) {
    // No two changes of a zone are nearer to each other than this.
    constexpr int64_t kNear = civil::kDay;
    LocalTime before = zone.at(local - kNear);
    LocalTime after = zone.at(local + kNear);
    // Of an hour that is there twice, the summer time's counts, as in glibc. It comes first but where summer
    // is standard time and winter is not (Europe/Dublin).
    if (after.is_dst && !before.is_dst && before.offset > after.offset) std::swap(before, after);
    const auto holds = [&](const LocalTime& it) {
        return zone.at(local - it.offset).offset == it.offset;
    };
    const auto is_meant = [&](const LocalTime& it) {
        return is_dst < 0 || it.is_dst == (is_dst > 0);
    };
    for (const LocalTime& it : {before, after}) {
        if (holds(it) && is_meant(it)) return it.offset;
    }
    if (is_dst >= 0) {
        // Summer time is said and it is winter, or the other way: the hour is that of the nearest time
        // of the said kind. A zone that has none for years is taken to have one an hour apart.
        constexpr int64_t kStep = 7 * civil::kDay;
        constexpr int64_t kMost = 2653 * civil::kDay;  // as far as glibc 2.41 looks
        for (int64_t distance = 0; distance <= kMost; distance += kStep) {
            for (const int64_t near : {local - distance, local + distance}) {
                if (const LocalTime it = zone.at(near); is_meant(it)) return it.offset;
            }
        }
        return (holds(before) ? before : after).offset + (is_dst > 0 ? 3600 : -3600);
    }
    for (const LocalTime& it : {before, after}) {
        if (holds(it)) return it.offset;
    }
    // The clocks jumped over it: as if they had not, in standard time.
    return before.is_dst && !after.is_dst ? after.offset : before.offset;
}

// Of January and July, one of which is summer time where there is any.
void tell_names(const Zone& zone) {
    tm now{};
    civil::fields_of(time(nullptr), &now);
    const int64_t year = int64_t{1900} + now.tm_year;
    const LocalTime winter = zone.at(civil::days_from(year, 1, 1) * civil::kDay);
    const LocalTime summer = zone.at(civil::days_from(year, 7, 1) * civil::kDay);
    const LocalTime& standard = winter.is_dst ? summer : winter;
    const LocalTime& other = winter.is_dst ? winter : summer;
    timezone = -standard.offset;
    daylight = winter.is_dst != summer.is_dst ? 1 : 0;
    tzname[0] = const_cast<char*>(standard.name);
    tzname[1] = const_cast<char*>(other.name);
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

long timezone = 0;
int daylight = 0;
char* tzname[2] = {const_cast<char*>("UTC"), const_cast<char*>("UTC")};

void tzset() {
    const Zone* zone = find_zone();
    if (g_zone.exchange(zone, std::memory_order_acq_rel) != zone) tell_names(*zone);
}

tm* localtime_r(const time_t* time, tm* out) {
    if (fill(zone_in_use(), *time, out)) return out;
    errno = EOVERFLOW;
    return nullptr;
}
tm* __localtime_r(const time_t* time, tm* out) { return localtime_r(time, out); }

tm* gmtime_r(const time_t* time, tm* out) {
    if (*time > kMostSeconds || *time < -kMostSeconds || !civil::fields_of(*time, out)) {
        errno = EOVERFLOW;
        return nullptr;
    }
    out->tm_isdst = 0;
    out->__tm_gmtoff = 0;
    out->__tm_zone = "GMT";
    return out;
}
tm* __gmtime_r(const time_t* time, tm* out) { return gmtime_r(time, out); }

time_t timegm(tm* fields) {
    const time_t time = civil::seconds_of(*fields);
    return gmtime_r(&time, fields) != nullptr ? time : -1;
}

time_t mktime(tm* fields) {
    tzset();
    const Zone& zone = zone_in_use();
    const int64_t local = civil::seconds_of(*fields);
    const time_t time = local - offset_at(zone, local, fields->tm_isdst);
    if (fill(zone, time, fields)) return time;
    errno = EOVERFLOW;
    return -1;
}

// What strftime() says for %Z.
const char* __tm_to_tzname(const tm* fields) {
    if (fields->__tm_zone != nullptr && *fields->__tm_zone != '\0') return fields->__tm_zone;
    if (fields->tm_isdst < 0) return "";
    zone_in_use();
    return tzname[fields->tm_isdst > 0 ? 1 : 0];
}

}  // extern "C"
