// Time imports: clocks and the time zone.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

double emscripten_get_now(Thread& self) { return self.program().clock().steady_ms(); }
double emscripten_date_now(Thread& self) { return std::floor(self.program().clock().wall_ms()); }
int32_t emscripten_get_now_is_monotonic(Thread&) { return 1; }
double emscripten_get_now_res(Thread&) { return 1; }  // ns

// The name of this machine's zone: what TZ says, or where the link /etc/localtime leads below its folder.
std::string zone_name() {
    if (const char* tz = getenv("TZ")) return *tz == ':' ? tz + 1 : tz;
    constexpr std::string_view kFolder = "zoneinfo/";
    char target[256];
    const ssize_t size = readlink("/etc/localtime", target, sizeof target);
    if (size <= 0) return "UTC";
    const std::string_view path(target, static_cast<size_t>(size));
    const size_t at = path.rfind(kFolder);
    return at == std::string_view::npos ? "UTC" : std::string(path.substr(at + kFolder.size()));
}

int32_t time_zone(Thread& self, uint32_t out, uint32_t capacity) {
    const std::string name = self.program().clock().is_granted() ? zone_name() : "UTC";
    const size_t size = std::min<size_t>(name.size(), capacity);
    if (size > 0) memcpy(self.program().memory().bytes(out, size), name.data(), size);
    return static_cast<int32_t>(name.size());
}

}  // namespace

void add_time_imports(Imports& imports) {
    imports.add<emscripten_get_now>("emscripten_get_now");
    imports.add<emscripten_date_now>("emscripten_date_now");
    imports.add<emscripten_get_now_is_monotonic>("_emscripten_get_now_is_monotonic");
    imports.add<emscripten_get_now_res>("emscripten_get_now_res");
    imports.add<time_zone>("heddle_host_time_zone");
}

}  // namespace heddle::host
