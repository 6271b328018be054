// Zone: what TZ names, and what its clocks show at a moment.
// SPDX-License-Identifier: MIT
//
// Overview
//   The library's list has each zone's rule as it is now and the time since when it holds. Earlier times
//   are in the zone's file, which is read when one of them is asked for: it may have to be fetched.
//   Without TZ the zone is the host's.
//
// Concurrency
//   Z1  Zones are made under a lock, found again by what TZ said, and never freed or changed: their names
//       are in every tm that was filled in by them.
//   Z2  The one in use is published with release and read with acquire, so that who sees it sees it whole.
//   Z3  A zone's file is published in the same way, once. Two threads may read it at the same time; the
//       second one's is dropped.
#ifndef HEDDLE_WASM_TIME_ZONE_H_
#define HEDDLE_WASM_TIME_ZONE_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "time/posix_rule.h"
#include "time/zone_file.h"

namespace heddle {

class Zone {
  public:
    // What tz says as the variable TZ does: "" is UTC, else a zone's name, a rule, or the absolute path of a
    // zone's file; a colon may stand before. What is none of them is UTC under the letters it begins with,
    // if these are three or more, else without a name.
    explicit Zone(std::string_view tz);
    ~Zone();
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;

    // Any thread. May wait for the zone's file.
    LocalTime at(int64_t time) const;

  private:
    const ZoneFile* file() const;

    PosixRule rule_;
    int64_t since_ = std::numeric_limits<int64_t>::min();  // the rule holds
    std::string path_;                                     // of the file; empty: there is none
    mutable std::atomic<const ZoneFile*> file_{nullptr};   // Z3
};

// The library's list: a line for each zone, with tabs: its name, the time since when its rule holds, the
// rule. Host thread, before main(); the bytes stay for ever.
void set_zone_list(std::string_view list);

// Where the library lays the zones' files out.
inline constexpr const char* kZoneFolder = "/usr/share/zoneinfo";

}  // namespace heddle

#endif  // HEDDLE_WASM_TIME_ZONE_H_
