// Zone file: reading it. Numbers are big-endian. Leap seconds are left out: time_t has none.
// SPDX-License-Identifier: MIT
#include "time/zone_file.h"

#include <algorithm>
#include <string_view>

namespace heddle {
namespace {

constexpr size_t kTypeBytes = 6;
// More than any zone has.
constexpr uint32_t kMostTimes = 1 << 16;

class Reader {
  public:
    explicit Reader(std::span<const uint8_t> bytes) : left_(bytes) {}

    // The next bytes; none of them if there are fewer.
    std::span<const uint8_t> take(size_t size) {
        if (size > left_.size()) {
            is_short_ = true;
            return {};
        }
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    template <typename Number>
    Number number() {
        uint64_t value = 0;
        for (const uint8_t byte : take(sizeof(Number))) value = value << 8 | byte;
        return static_cast<Number>(value);
    }
    bool is_short() const { return is_short_; }
    std::string_view rest() const {
        return {reinterpret_cast<const char*>(left_.data()), left_.size()};
    }

  private:
    std::span<const uint8_t> left_;
    bool is_short_ = false;
};

struct Header {
    uint8_t version = 0;
    uint32_t ut_flags = 0, standard_flags = 0, leaps = 0, times = 0, types = 0, name_bytes = 0;

    bool read(Reader& reader) {
        const auto magic = reader.take(4);
        version = reader.number<uint8_t>();
        reader.take(15);
        for (uint32_t* count : {&ut_flags, &standard_flags, &leaps, &times, &types, &name_bytes}) {
            *count = reader.number<uint32_t>();
            if (*count > kMostTimes) return false;
        }
        constexpr std::string_view kMagic = "TZif";
        return !reader.is_short() &&
               std::equal(magic.begin(), magic.end(), kMagic.begin(), kMagic.end());
    }
    // Of the block after it.
    size_t size(size_t time_bytes) const {
        return times * (time_bytes + 1) + types * kTypeBytes + name_bytes +
               leaps * (time_bytes + 4) + standard_flags + ut_flags;
    }
};

}  // namespace

bool ZoneFile::parse(std::span<const uint8_t> bytes) {
    Reader reader(bytes);
    Header header;
    if (!header.read(reader) || header.version < '2') return false;
    reader.take(header.size(4));
    if (!header.read(reader) || header.types == 0 || header.name_bytes == 0) return false;

    for (uint32_t i = 0; i < header.times; i++) times_.push_back(reader.number<int64_t>());
    const auto types_of_times = reader.take(header.times);
    types_of_times_.assign(types_of_times.begin(), types_of_times.end());
    for (uint32_t i = 0; i < header.types; i++) {
        const auto offset = reader.number<int32_t>();
        const bool is_dst = reader.number<uint8_t>() != 0;
        types_.push_back({offset, is_dst, reader.number<uint8_t>()});
    }
    const auto names = reader.take(header.name_bytes);
    names_.assign(names.begin(), names.end());
    reader.take(header.leaps * (sizeof(int64_t) + 4) + header.standard_flags + header.ut_flags);
    if (reader.is_short() || names_.back() != '\0' || !std::ranges::is_sorted(times_)) return false;
    const auto is_wrong_type = [&](uint8_t type) { return type >= types_.size(); };
    if (std::ranges::any_of(types_of_times_, is_wrong_type)) return false;
    constexpr int32_t kMostOffset = 26 * 3600;
    const auto is_wrong = [&](const Type& type) {
        return type.name >= names_.size() || type.offset < -kMostOffset ||
               type.offset > kMostOffset;
    };
    if (std::ranges::any_of(types_, is_wrong)) return false;

    std::string_view rule = reader.rest();
    if (!rule.starts_with('\n')) return false;
    rule.remove_prefix(1);
    rule = rule.substr(0, rule.find('\n'));
    has_rule_ = PosixRule::parse(rule, &rule_);
    return has_rule_ || rule.empty();
}

LocalTime ZoneFile::local(const Type& type) const {
    return {.offset = type.offset, .is_dst = type.is_dst, .name = &names_[type.name]};
}

LocalTime ZoneFile::at(int64_t time) const {
    const auto after = std::ranges::upper_bound(times_, time);
    if (after == times_.begin()) return local(types_[0]);
    if (after == times_.end() && has_rule_) return rule_.at(time);
    return local(types_[types_of_times_[static_cast<size_t>(after - times_.begin()) - 1]]);
}

}  // namespace heddle
