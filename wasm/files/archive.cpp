// Archive: reading a zip archive's directory, inflating its files, waiting for the archive itself.
// SPDX-License-Identifier: MIT
//
// The format is described in PKWARE's APPNOTE.TXT, sections 4.3.7 (a file's header), 4.3.12 (the
// directory's entries) and 4.3.16 (the end of the directory). Numbers are little-endian, as in wasm.
#include "files/archive.h"

#include <errno.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "host/host.h"
#include "streams/io_wait.h"

namespace heddle {
namespace {

constexpr uint32_t kFileSignature = 0x04034b50;
constexpr uint32_t kEntrySignature = 0x02014b50;
constexpr uint32_t kEndSignature = 0x06054b50;
constexpr size_t kFileHeaderBytes = 30;
constexpr size_t kEntryBytes = 46;
constexpr size_t kEndBytes = 22;  // without a comment: we write none

// A traceback does not wait longer for lines of the library.
constexpr int64_t kPatience = 5 * kSecond;

constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint16_t kEncrypted = 1;

template <typename Number>
Number number_at(Bytes bytes, size_t offset) {
    Number number;
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return number;
}

bool inflate_all(Bytes packed, uint8_t* out, uint32_t size) {
    z_stream stream{};
    constexpr int kRawDeflate = -15;
    if (inflateInit2(&stream, kRawDeflate) != Z_OK) return false;
    stream.next_in = const_cast<uint8_t*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = out;
    stream.avail_out = size;
    const int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.total_out == size;
}

}  // namespace

Bytes Archive::directory_of(Bytes archive) {
    if (archive.size() < kEndBytes) return {};
    const size_t end = archive.size() - kEndBytes;
    if (number_at<uint32_t>(archive, end) != kEndSignature) return {};
    const auto size = number_at<uint32_t>(archive, end + 12);
    const auto start = number_at<uint32_t>(archive, end + 16);
    if (start > end || size != end - start) return {};
    return archive.subspan(start, size);
}

int Archive::for_each(FunctionRef<int(const Entry&)> use) const {
    for (size_t at = 0; at < directory_.size();) {
        const Bytes rest = directory_.subspan(at);
        if (rest.size() < kEntryBytes || number_at<uint32_t>(rest, 0) != kEntrySignature) {
            return -EINVAL;
        }
        const auto flags = number_at<uint16_t>(rest, 8);
        const auto method = number_at<uint16_t>(rest, 10);
        const size_t name_size = number_at<uint16_t>(rest, 28);
        const size_t entry_size =
            kEntryBytes + name_size + number_at<uint16_t>(rest, 30) + number_at<uint16_t>(rest, 32);
        if (entry_size > rest.size() || name_size == 0) return -EINVAL;
        if ((flags & kEncrypted) != 0 || (method != kStored && method != kDeflated)) return -EINVAL;
        const Entry entry{
            .name = {reinterpret_cast<const char*>(rest.data()) + kEntryBytes, name_size},
            .header = number_at<uint32_t>(rest, 42),
            .packed_size = number_at<uint32_t>(rest, 20),
            .size = number_at<uint32_t>(rest, 24),
            .deflated = method == kDeflated,
        };
        if (entry.name.back() == '/') return -EINVAL;
        if (int result = use(entry)) return result;
        at += entry_size;
    }
    return 0;
}

Bytes Archive::packed(const Entry& entry) const {
    if (bytes_.size() < kFileHeaderBytes || entry.header > bytes_.size() - kFileHeaderBytes) {
        return {};
    }
    const Bytes header = bytes_.subspan(entry.header);
    if (number_at<uint32_t>(header, 0) != kFileSignature) return {};
    const size_t start =
        kFileHeaderBytes + number_at<uint16_t>(header, 26) + number_at<uint16_t>(header, 28);
    if (start > header.size() || entry.packed_size > header.size() - start) return {};
    return header.subspan(start, entry.packed_size);
}

int Archive::find(std::string_view name, Entry* out) {
    if (int error = wait_until_there()) return error;
    const int found = for_each([&](const Entry& entry) {
        if (entry.name != name) return 0;
        *out = entry;
        return 1;
    });
    return found == 1 ? 0 : found < 0 ? found : -ENOENT;
}

int Archive::read(const Entry& entry, uint8_t* out) {
    if (int error = wait_until_there()) return error;
    const Bytes bytes = packed(entry);
    if (entry.deflated) {
        return !bytes.empty() && inflate_all(bytes, out, entry.size) ? 0 : -EIO;
    }
    if (bytes.size() != entry.size) return -EIO;
    std::copy(bytes.begin(), bytes.end(), out);
    return 0;
}

int Archive::wait_until_there() {
    const uint32_t refusals = refusals_.load(std::memory_order_acquire);
    const bool is_wanted_little = event_ == HEDDLE_EVENT_SOURCES;
    if (is_wanted_little && !there_.load(std::memory_order_acquire) &&
        (refusals > 0 || is_late_.load(std::memory_order_relaxed))) {
        return -EIO;
    }
    const Deadline deadline =
        is_wanted_little ? deadline_after(kPatience) : io_deadline(/*nonblocking=*/false);
    WaitResult result = WaitResult::acquired;
    for (;;) {
        const uint32_t seen = bell_.count();
        if (there_.load(std::memory_order_acquire)) return 0;  // A1
        // acquire: pairs with the release in give(); the refusal was counted before it
        if (refusals_.load(std::memory_order_acquire) != refusals) return -EIO;
        if (result == WaitResult::timed_out && is_wanted_little) {
            is_late_.store(true, std::memory_order_relaxed);
        }
        if (result != WaitResult::acquired) return -wait_errno(result);
        if (!asked_.exchange(true, std::memory_order_acq_rel)) {  // A2
            heddle_host_notify(event_);
        }
        result = bell_.wait(seen, deadline, Interruptible::yes);
    }
}

bool Archive::is_ours(Bytes directory) const {
    if (!directory_.empty()) return std::ranges::equal(directory, directory_);
    return !directory.empty() &&
           crc32(0, directory.data(), static_cast<uInt>(directory.size())) == directory_crc_;
}

int Archive::give(Bytes bytes) {
    if (there_.load(std::memory_order_relaxed)) return 0;  // ours to write (A1)
    const Bytes directory = directory_of(bytes);
    const bool ours = is_ours(directory);
    if (ours) {
        directory_ = directory;
        bytes_ = bytes;
        there_.store(true, std::memory_order_release);  // A1
    } else {
        refusals_.fetch_add(1, std::memory_order_release);
        asked_.store(false, std::memory_order_release);  // A2
    }
    bell_.ring();  // A3
    return ours || bytes.empty() ? 0 : -EINVAL;
}

}  // namespace heddle
