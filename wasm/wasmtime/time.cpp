// Time imports: clocks and the time zone.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <ctime>
#include <string>

#include "../host/guest_layout.h"
#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

GuestTm to_guest(const tm& time) {
    return {time.tm_sec,   time.tm_min,
            time.tm_hour,  time.tm_mday,
            time.tm_mon,   time.tm_year,
            time.tm_wday,  time.tm_yday,
            time.tm_isdst, static_cast<int32_t>(time.tm_gmtoff)};
}

tm from_guest(const GuestTm& time) {
    tm out{};
    out.tm_sec = time.sec;
    out.tm_min = time.min;
    out.tm_hour = time.hour;
    out.tm_mday = time.mday;
    out.tm_mon = time.mon;
    out.tm_year = time.year;
    out.tm_isdst = time.isdst;
    return out;
}

double emscripten_get_now(Thread& self) { return self.program().clock().steady_ms(); }
double emscripten_date_now(Thread& self) { return std::floor(self.program().clock().wall_ms()); }
int32_t emscripten_get_now_is_monotonic(Thread&) { return 1; }
double emscripten_get_now_res(Thread&) { return 1; }  // ns

// Times beyond what a year can hold become all zeros, which the module's caller cannot tell from
// a time either.
void gmtime_js(Thread& self, int64_t time, uint32_t out) {
    tm parts{};
    const time_t seconds = time;
    gmtime_r(&seconds, &parts);
    GuestTm guest = to_guest(parts);
    self.program().memory().write(out, guest);
}

void localtime_js(Thread& self, int64_t time, uint32_t out) {
    tm parts{};
    const time_t seconds = time;
    self.program().clock().is_granted() ? localtime_r(&seconds, &parts)
                                        : gmtime_r(&seconds, &parts);
    self.program().memory().write(out, to_guest(parts));
}

int64_t mktime_js(Thread& self, uint32_t in_out) {
    const Memory& memory = self.program().memory();
    tm parts = from_guest(memory.read<GuestTm>(in_out));
    const bool granted = self.program().clock().is_granted();
    const time_t time = granted ? mktime(&parts) : timegm(&parts);
    memory.write(in_out, to_guest(parts));
    return time;
}

struct Zone {
    int32_t seconds_west;
    std::string name;
};

// What is in force in a month of the year in which `now` lies.
Zone zone_in(int month, time_t now) {
    tm parts{};
    localtime_r(&now, &parts);
    tm first{};
    first.tm_year = parts.tm_year;
    first.tm_mon = month;
    first.tm_mday = 1;
    first.tm_isdst = -1;
    const time_t time = mktime(&first);
    localtime_r(&time, &parts);
    return {static_cast<int32_t>(-parts.tm_gmtoff), parts.tm_zone};
}

void tzset_js(Thread& self, uint32_t timezone, uint32_t daylight, uint32_t std_name,
              uint32_t dst_name) {
    const Memory& memory = self.program().memory();
    const Clock& clock = self.program().clock();
    Zone january{0, "UTC"}, july{0, "UTC"};
    if (clock.is_granted()) {
        const auto now = static_cast<time_t>(clock.wall_ms() / 1e3);
        january = zone_in(0, now);
        july = zone_in(6, now);
    }
    // Standard time is the one further west; in the south that is July's.
    const Zone& standard = january.seconds_west >= july.seconds_west ? january : july;
    const Zone& summer = &standard == &january ? july : january;
    memory.write(timezone, standard.seconds_west);
    memory.write(daylight, int32_t{standard.seconds_west != summer.seconds_west});
    memory.write_text(std_name, standard.name, kZoneNameBytes);
    memory.write_text(dst_name, summer.name, kZoneNameBytes);
}

}  // namespace

void add_time_imports(Imports& imports) {
    imports.add<emscripten_get_now>("emscripten_get_now");
    imports.add<emscripten_date_now>("emscripten_date_now");
    imports.add<emscripten_get_now_is_monotonic>("_emscripten_get_now_is_monotonic");
    imports.add<emscripten_get_now_res>("emscripten_get_now_res");
    imports.add<gmtime_js>("_gmtime_js");
    imports.add<localtime_js>("_localtime_js");
    imports.add<mktime_js>("_mktime_js");
    imports.add<tzset_js>("_tzset_js");
}

}  // namespace heddle::host
