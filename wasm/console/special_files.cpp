// Special files: /dev/stdin, stdout and stderr on our console, and /dev/null and the random ones.
// SPDX-License-Identifier: MIT
//
// These are all the functions of WASMFS's object special_files.o. Archive members are linked only
// for symbols that nobody else defines, so that object, which writes through JavaScript and cannot
// block, stays out of the program.
#include "special_files.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "console/console.h"

namespace wasmfs::SpecialFiles {
namespace {

constexpr mode_t kEverybody = S_IRUGO | S_IWUGO;

// What the null and random files have in common: a character device of no size.
class DeviceFile : public DataFile {
  public:
    DeviceFile() : DataFile(kEverybody, NullBackend, S_IFCHR) { seekable = false; }

  protected:
    int open(oflags_t) override { return 0; }
    int close() override { return 0; }
    int flush() override { return 0; }
    off_t getSize() override { return 0; }
    int setSize(off_t) override { return -EINVAL; }
    // Both swallow what is written; for the random files that is how Linux takes entropy.
    ssize_t write(const uint8_t*, size_t size, off_t) override {
        return static_cast<ssize_t>(size);
    }
};

class NullFile final : public DeviceFile {
    ssize_t read(uint8_t*, size_t, off_t) override { return 0; }
    int setSize(off_t) override { return 0; }  // open(..., O_TRUNC) is usual

  public:
    // open("/dev/null", "a") seeks; everywhere is the same place.
    NullFile() { seekable = true; }
};

class RandomFile final : public DeviceFile {
    ssize_t read(uint8_t* buffer, size_t size, off_t) override {
        constexpr size_t kStep = 256;  // the most that getentropy() gives at once
        for (size_t done = 0; done < size; done += kStep) {
            if (getentropy(buffer + done, std::min(kStep, size - done)) != 0) return -errno;
        }
        return static_cast<ssize_t>(size);
    }
};

}  // namespace

std::shared_ptr<DataFile> getNull() {
    static const auto file = std::make_shared<NullFile>();
    return file;
}

std::shared_ptr<DataFile> getStdin() { return heddle::console_file(0); }
std::shared_ptr<DataFile> getStdout() { return heddle::console_file(1); }
std::shared_ptr<DataFile> getStderr() { return heddle::console_file(2); }

std::shared_ptr<DataFile> getRandom() {
    static const auto file = std::make_shared<RandomFile>();
    return file;
}

std::shared_ptr<DataFile> getURandom() {
    static const auto file = std::make_shared<RandomFile>();
    return file;
}

}  // namespace wasmfs::SpecialFiles
