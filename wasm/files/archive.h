// Archive: a zip archive in wasm memory, as the source of read-only files.
// SPDX-License-Identifier: MIT
//
// Overview
//   The files of an archive appear in ordinary folders of our file system, so whatever works with
//   files works with them. Each is inflated when it is opened and forgotten when it is closed.
//
//   An archive may come later than its directory: the list of its files is known from the start,
//   and the first thread that opens one of them asks the host for the bytes (HEDDLE_EVENT_ARCHIVE)
//   and waits. Another may come later as a whole, and only a checksum of its directory is known: the
//   library's sources (HEDDLE_EVENT_SOURCES), which few programs ever read.
//
// Concurrency
//   A1  bytes_, and the directory if it was not known, are written once, by the host thread, before
//       there_ is set (release). Readers look at there_ first (acquire). From then on they stay as they
//       are, for ever.
//   A2  asked_ is set by the one thread that tells the host, and cleared by the host thread with a
//       refusal. So there is one question for each answer, however many wait.
//   A3  Every answer rings bell_ after it can be seen. A waiter read the bell's count before it
//       looked (see bell.h), so none sleeps through an answer.
#ifndef HEDDLE_WASM_FILES_ARCHIVE_H_
#define HEDDLE_WASM_FILES_ARCHIVE_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "heddle/function_ref.h"
#include "host/host.h"
#include "streams/bell.h"

namespace heddle {

using Bytes = std::span<const uint8_t>;

class Archive {
  public:
    struct Entry {
        std::string_view name;  // in the archive's directory: "folder/file"
        uint32_t header;        // offset of its header in the archive
        uint32_t packed_size;   // bytes in the archive
        uint32_t size;          // bytes as a file
        bool deflated;
    };

    // The directory at the end of a zip archive; empty if there is no whole one.
    static Bytes directory_of(Bytes archive);

    // An archive that is there already. The bytes stay for ever.
    Archive(Bytes directory, Bytes bytes) : directory_(directory), bytes_(bytes), there_(true) {}
    // One that comes later, and whose directory is known already and stays for ever.
    explicit Archive(Bytes directory) : directory_(directory), event_(HEDDLE_EVENT_ARCHIVE) {}
    // One that comes later as a whole: a checksum tells whether it is the right one. Once refused, it
    // is not asked for again, and one that is late is waited for once.
    explicit Archive(uint32_t directory_crc)
        : event_(HEDDLE_EVENT_SOURCES), directory_crc_(directory_crc) {}

    // Calls use(entry) for each file until one returns another value than 0, and returns that.
    // -EINVAL: the directory is damaged, or has what we never write (folders, encryption, 64 bits).
    int for_each(FunctionRef<int(const Entry&)> use) const;

    // The entry of a name, once the archive is there: waits for that as read() does. -ENOENT if it has
    // none.
    int find(std::string_view name, Entry* out);

    // Writes the file's bytes to out, which has room for entry.size. 0; -EINTR for a signal to the
    // main thread; -EIO if the archive cannot be had or is damaged. Blocks while the archive is on
    // its way. The host thread may not block: it gets -EAGAIN then.
    int read(const Entry& entry, uint8_t* out);

    // The answer to HEDDLE_EVENT_ARCHIVE. The bytes stay for ever. No bytes: the archive cannot be
    // had, and threads that wait for it get -EIO. 0, or -EINVAL if these bytes have another
    // directory. Host thread only; never blocks.
    int give(Bytes bytes);

  private:
    int wait_until_there();
    // The bytes between the entry's header and the next one's; empty if the archive is damaged.
    Bytes packed(const Entry& entry) const;

    // Whether these bytes are the archive that was meant.
    bool is_ours(Bytes directory) const;

    Bytes directory_;                    // A1
    Bytes bytes_;                        // A1
    const int event_ = 0;                // what asks the host for it
    const uint32_t directory_crc_ = 0;   // of a directory that is not known yet
    std::atomic<bool> there_{false};     // A1
    std::atomic<bool> asked_{false};     // A2
    std::atomic<uint32_t> refusals_{0};  // raised before asked_ is cleared
    std::atomic<bool> is_late_{false};   // sources: nobody waits any more, unless they come
    Bell bell_;                          // A3
};

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_ARCHIVE_H_
