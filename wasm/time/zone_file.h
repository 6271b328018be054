// Zone file: the changes of a time zone's clocks, as compiled zones have them (TZif, RFC 9636).
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_TIME_ZONE_FILE_H_
#define HEDDLE_WASM_TIME_ZONE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "time/posix_rule.h"

namespace heddle {

class ZoneFile {
  public:
    // False if the bytes are no whole file of version 2 or later. No byte is believed: counts and indices
    // are checked against the size.
    bool parse(std::span<const uint8_t> bytes);

    LocalTime at(int64_t time) const;

  private:
    struct Type {
        int32_t offset;
        bool is_dst;
        uint8_t name;  // where it begins in names_
    };

    LocalTime local(const Type& type) const;

    std::vector<int64_t> times_;  // of changes, ascending
    std::vector<uint8_t> types_of_times_;
    std::vector<Type> types_;
    std::string names_;  // each ends with a 0
    PosixRule rule_;     // after the last change
    bool has_rule_ = false;
};

}  // namespace heddle

#endif  // HEDDLE_WASM_TIME_ZONE_FILE_H_
