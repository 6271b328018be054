// Tests of blob files: content without a copy, read-only.
// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "check.h"
#include "host/host.h"

namespace {

void a_blob_is_a_read_only_file() {
    char* data = static_cast<char*>(std::malloc(10));
    std::memcpy(data, "0123456789", 10);
    CHECK_EQ(heddle_files_add_blob("/lib/blobs/deep/one.bin", data, 10), 0);
    CHECK_EQ(heddle_files_add_blob("/lib/blobs/deep/one.bin", data, 10), -EEXIST);
    CHECK_EQ(heddle_files_add_blob("relative", data, 10), -EINVAL);
    struct stat status{};
    CHECK_EQ(stat("/lib/blobs/deep/one.bin", &status), 0);
    CHECK_EQ(status.st_size, 10);
    CHECK(S_ISREG(status.st_mode));
    CHECK_EQ(open("/lib/blobs/deep/one.bin", O_RDWR), -1);
    CHECK_EQ(errno, EACCES);
    const int fd = open("/lib/blobs/deep/one.bin", O_RDONLY);
    data[3] = 'x';  // seen by the file: it is no copy
    char text[20] = {};
    CHECK_EQ(pread(fd, text, sizeof text, 2), 8);
    CHECK(std::strcmp(text, "2x456789") == 0);
    CHECK_EQ(pread(fd, text, sizeof text, 10), 0);
    CHECK_EQ(lseek(fd, -1, SEEK_END), 9);
    CHECK_EQ(read(fd, text, sizeof text), 1);
    CHECK_EQ(write(fd, "x", 1), -1);
    CHECK_EQ(errno, EBADF);
    close(fd);
}

// The runner made this one on the page thread, before main().
void the_page_can_add_blobs() {
    char text[20] = {};
    const int fd = open("/page/blob.txt", O_RDONLY);
    CHECK_EQ(read(fd, text, sizeof text), 13);
    CHECK(std::strcmp(text, "from the page") == 0);
    close(fd);
}

}  // namespace

void test_blobs() {
    run_test("a blob is a read-only file without a copy", a_blob_is_a_read_only_file);
    run_test("the page thread can add blobs before main", the_page_can_add_blobs);
}
