// Archive file: a file whose bytes are an entry of an archive.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_WASM_FILES_ARCHIVE_FILE_H_
#define HEDDLE_WASM_FILES_ARCHIVE_FILE_H_

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "file.h"
#include "files/archive.h"

namespace heddle {

class ArchiveFile final : public wasmfs::DataFile {
  public:
    ArchiveFile(Archive& archive, const Archive::Entry& entry);
    // One of which only the size is known, until its archive is there.
    ArchiveFile(Archive& archive, std::string name, uint32_t size);

  private:
    int know();

    int open(wasmfs::oflags_t) override;
    int close() override;
    int flush() override { return 0; }
    off_t getSize() override { return entry_.size; }
    int setSize(off_t) override;
    ssize_t write(const uint8_t*, size_t, off_t) override;
    ssize_t read(uint8_t* buffer, size_t size, off_t offset) override;

    Archive& archive_;
    const std::string name_;
    // All of these under the file's mutex, which WASMFS holds in all calls.
    Archive::Entry entry_{};
    bool is_known_ = false;
    uint8_t* content_ = nullptr;
    uint32_t opens_ = 0;
};

// A folder in another one, made unless it is there. 0 or -errno.
int folder_in(wasmfs::Directory& parent, const std::string& name,
              std::shared_ptr<wasmfs::Directory>* out);

// Puts a file into a folder. 0, or -EEXIST if there is one of that name.
int put(wasmfs::Directory& folder, const std::string& name, std::shared_ptr<wasmfs::File> file);

}  // namespace heddle

#endif  // HEDDLE_WASM_FILES_ARCHIVE_FILE_H_
