// Zone: finding what TZ names.
// SPDX-License-Identifier: MIT
#include "time/zone.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace heddle {
namespace {

// No zone's file is nearly as large.
constexpr size_t kMostBytes = 1 << 20;

std::string_view g_list;

// The rest of a zone's line in the list; empty if it has none.
std::string_view listed(std::string_view name) {
    const std::string wanted = std::string(name) + "\t";
    for (size_t at = 0; at < g_list.size();) {
        const size_t end = std::min(g_list.find('\n', at), g_list.size());
        const std::string_view line = g_list.substr(at, end - at);
        if (line.starts_with(wanted)) return line.substr(wanted.size());
        at = end + 1;
    }
    return {};
}

// Empty if there is no such file.
std::vector<uint8_t> bytes_of(const std::string& path) {
    std::vector<uint8_t> bytes;
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return bytes;
    uint8_t piece[4096];
    for (;;) {
        const ssize_t size = read(fd, piece, sizeof piece);
        if (size < 0 || bytes.size() > kMostBytes) bytes.clear();
        if (size <= 0 || bytes.size() > kMostBytes) break;
        bytes.insert(bytes.end(), piece, piece + size);
    }
    close(fd);
    return bytes;
}

size_t leading_letters(std::string_view text) {
    size_t size = 0;
    while (size < text.size() && std::isalpha(static_cast<unsigned char>(text[size]))) size++;
    return size;
}

}  // namespace

void set_zone_list(std::string_view list) { g_list = list; }

Zone::Zone(std::string_view tz) {
    if (tz.starts_with(':')) tz.remove_prefix(1);
    if (tz.empty()) return;
    if (const std::string_view line = listed(tz); !line.empty()) {
        const size_t tab = line.find('\t');
        int64_t since = 0;
        std::from_chars(line.data(), line.data() + line.size(), since);
        if (tab != std::string_view::npos && PosixRule::parse(line.substr(tab + 1), &rule_)) {
            since_ = since;
            path_ = std::string(kZoneFolder) + "/" + std::string(tz);
            return;
        }
    }
    if (tz.starts_with('/')) {
        path_ = tz;
        if (file() != nullptr) {
            since_ = std::numeric_limits<int64_t>::max();
            return;
        }
        path_.clear();
    }
    if (PosixRule::parse(tz, &rule_)) return;
    constexpr size_t kLeastName = 3;
    const size_t letters = leading_letters(tz);
    rule_ = PosixRule::utc(letters >= kLeastName ? tz.substr(0, letters) : "");
}

Zone::~Zone() { delete file_.load(std::memory_order_relaxed); }

LocalTime Zone::at(int64_t time) const {
    if (time >= since_) return rule_.at(time);
    const ZoneFile* history = file();
    // Without it, the rule is the best there is.
    return history != nullptr ? history->at(time) : rule_.at(time);
}

const ZoneFile* Zone::file() const {
    const ZoneFile* known = file_.load(std::memory_order_acquire);  // Z3
    if (known != nullptr || path_.empty()) return known;
    auto file = std::make_unique<ZoneFile>();
    if (!file->parse(bytes_of(path_))) return nullptr;
    if (!file_.compare_exchange_strong(known, file.get(), std::memory_order_acq_rel)) return known;
    return file.release();
}

}  // namespace heddle
