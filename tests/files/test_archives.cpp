// Tests of archives: files in folders, damage, and an archive that comes later than its directory.
// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "check.h"
#include "host/host.h"

namespace {

struct Member {
    std::string name;
    std::string content;
    bool deflated = false;
};

void put(std::string& out, uint32_t number, int bytes) {
    for (int i = 0; i < bytes; i++) out += static_cast<char>(number >> (8 * i));
}

std::string deflated(const std::string& content) {
    z_stream stream{};
    CHECK_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = content.size();
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = packed.size();
    CHECK_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

struct Zip {
    std::string bytes;
    std::string directory;
};

Zip zip(const std::vector<Member>& members) {
    Zip made;
    for (const Member& member : members) {
        const std::string packed = member.deflated ? deflated(member.content) : member.content;
        const auto header = static_cast<uint32_t>(made.bytes.size());
        std::string common;  // what a file's header and its entry in the directory share
        put(common, 20, 2);
        put(common, 0, 2);
        put(common, member.deflated ? 8 : 0, 2);
        put(common, 0, 4 + 4);  // time; nobody looks at the checksum
        put(common, packed.size(), 4);
        put(common, member.content.size(), 4);
        put(common, member.name.size(), 2);
        put(common, 0, 2);
        put(made.bytes, 0x04034b50, 4);
        made.bytes += common + member.name + packed;
        put(made.directory, 0x02014b50, 4);
        put(made.directory, 20, 2);
        made.directory += common;
        put(made.directory, 0, 2 + 2 + 2 + 4);
        put(made.directory, header, 4);
        made.directory += member.name;
    }
    const auto start = static_cast<uint32_t>(made.bytes.size());
    made.bytes += made.directory;
    put(made.bytes, 0x06054b50, 4);
    put(made.bytes, 0, 2 + 2);
    put(made.bytes, members.size(), 2);
    put(made.bytes, members.size(), 2);
    put(made.bytes, made.directory.size(), 4);
    put(made.bytes, start, 4);
    put(made.bytes, 0, 2);
    return made;
}

char* kept(const std::string& bytes) {
    char* copy = static_cast<char*>(std::malloc(bytes.size()));
    std::memcpy(copy, bytes.data(), bytes.size());
    return copy;
}

int add(const char* folder, const std::string& bytes) {
    return heddle_files_add_archive(folder, kept(bytes), bytes.size());
}

// The file's content, or the name of the error that open() gives.
std::string content_of(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY);
    if (fd < 0) return errno == EIO ? "EIO" : errno == EINTR ? "EINTR" : std::to_string(errno);
    std::string text(100'000, '\0');
    const ssize_t size = read(fd, text.data(), text.size());
    text.resize(size < 0 ? 0 : static_cast<size_t>(size));
    close(fd);
    return text;
}

const std::string kLong(50'000, 'a');

void an_archive_becomes_files() {
    const Zip made = zip({{"one.txt", "0123456789"},
                          {"deep/er/long.txt", kLong, true},
                          {"deep/er/empty", ""},
                          {"deep/short.txt", "short", true}});
    CHECK_EQ(add("/lib/zipped", made.bytes), 0);
    CHECK_EQ(add("/lib/zipped", made.bytes), -EEXIST);
    CHECK(content_of("/lib/zipped/one.txt") == "0123456789");
    CHECK(content_of("/lib/zipped/deep/er/long.txt") == kLong);
    CHECK(content_of("/lib/zipped/deep/er/empty").empty());
    CHECK(content_of("/lib/zipped/deep/short.txt") == "short");

    struct stat status{};
    CHECK_EQ(stat("/lib/zipped/deep/er/long.txt", &status), 0);
    CHECK_EQ(status.st_size, 50'000);
    CHECK(S_ISREG(status.st_mode));
    CHECK_EQ(open("/lib/zipped/one.txt", O_RDWR), -1);
    CHECK_EQ(errno, EACCES);

    const int fd = open("/lib/zipped/one.txt", O_RDONLY);
    const int again = open("/lib/zipped/one.txt", O_RDONLY);
    close(again);  // the first one goes on
    char text[20] = {};
    CHECK_EQ(pread(fd, text, sizeof text, 2), 8);
    CHECK(std::strcmp(text, "23456789") == 0);
    CHECK_EQ(pread(fd, text, sizeof text, 10), 0);
    CHECK_EQ(lseek(fd, -1, SEEK_END), 9);
    CHECK_EQ(write(fd, "x", 1), -1);
    CHECK_EQ(errno, EBADF);
    close(fd);
}

void its_folders_are_ordinary_ones() {
    CHECK_EQ(add("/lib/folders", zip({{"in/a.txt", "a"}, {"in/b.txt", "b"}}).bytes), 0);
    const int fd = open("/lib/folders/in/c.txt", O_WRONLY | O_CREAT, 0666);
    CHECK_EQ(write(fd, "c", 1), 1);
    close(fd);
    DIR* folder = opendir("/lib/folders/in");
    int found = 0;
    while (const dirent* entry = readdir(folder)) {
        if (std::strstr(entry->d_name, ".txt") != nullptr) found++;
    }
    closedir(folder);
    CHECK_EQ(found, 3);
}

void damage_is_an_error() {
    const std::string whole = zip({{"x.txt", kLong, true}}).bytes;
    CHECK_EQ(add("relative", whole), -EINVAL);
    CHECK_EQ(add("/lib/cut", whole.substr(0, whole.size() - 1)), -EINVAL);
    CHECK_EQ(add("/lib/cut", whole.substr(1)), -EINVAL);
    CHECK_EQ(add("/lib/cut", "PK"), -EINVAL);
    // Every byte of the directory and of what follows, wrong: an error now or at open(), or none.
    for (size_t at = whole.size() - 22 - 51; at < whole.size(); at++) {
        std::string wrong = whole;
        wrong[at] ^= 0x15;
        const std::string folder = "/lib/wrong" + std::to_string(at);
        if (add(folder.c_str(), wrong) == 0) content_of(folder + "/x.txt");
    }
    std::string wrong = whole;
    wrong[30 + 5 + 3] ^= 0x7f;  // in the packed bytes
    CHECK_EQ(add("/lib/flipped", wrong), 0);
    CHECK(content_of("/lib/flipped/x.txt") == "EIO");
}

// One for all tests that follow: a program has one archive that comes later.
const Zip& later() {
    static const Zip made = zip({{"one.txt", "the first", true}, {"more/two.txt", kLong, true}});
    return made;
}

// The runner answers the next request for the archive after `delay` ms.
void answer_request(const std::string& bytes, int delay_ms) {
    const char* data = bytes.empty() ? nullptr : kept(bytes);
    tell_runner("archive " + std::to_string(reinterpret_cast<uintptr_t>(data)) + " " +
                std::to_string(bytes.size()) + " " + std::to_string(delay_ms));
}

void a_later_archive_is_known_before_it_is_there() {
    const Zip first = zip({{"later.directory", later().directory, true}, {"now.txt", "now"}});
    CHECK_EQ(add("/lib/later", first.bytes), 0);
    CHECK(content_of("/lib/later/now.txt") == "now");
    struct stat status{};
    CHECK_EQ(stat("/lib/later/later.directory", &status), -1);
    CHECK_EQ(stat("/lib/later/more/two.txt", &status), 0);
    CHECK_EQ(status.st_size, 50'000);
    tell_runner("requests 0");
}

void a_refused_archive_is_an_error_and_asked_for_again() {
    answer_request("", 10);
    CHECK(content_of("/lib/later/one.txt") == "EIO");
    answer_request(zip({{"one.txt", "another"}}).bytes, 10);
    CHECK(content_of("/lib/later/one.txt") == "EIO");
    tell_runner("requests 2");
}

void a_signal_ends_the_wait_for_an_archive() {
    answer_request("", 1000);
    {
        InterruptAfter interrupt(50);
        CHECK(content_of("/lib/later/one.txt") == "EINTR");
    }
    // The question is still open: the next thread that waits gets its answer.
    CHECK(content_of("/lib/later/one.txt") == "EIO");
    tell_runner("requests 3");
}

void many_threads_wait_for_one_answer() {
    answer_request(later().bytes, 50);
    std::atomic<int> right{0};
    {
        std::vector<std::unique_ptr<TestThread>> threads;
        for (int i = 0; i < 4; i++) {
            threads.push_back(std::make_unique<TestThread>([&right, i] {
                const bool first = i % 2 == 0;
                const std::string text =
                    content_of(first ? "/lib/later/one.txt" : "/lib/later/more/two.txt");
                if (text == (first ? "the first" : kLong)) right++;
            }));
        }
    }
    CHECK_EQ(right, 4);
    tell_runner("requests 4");
    CHECK(content_of("/lib/later/one.txt") == "the first");
    tell_runner("requests 4");
}

}  // namespace

void test_archives() {
    run_test("an archive becomes read-only files", an_archive_becomes_files);
    run_test("an archive's folders are ordinary ones", its_folders_are_ordinary_ones);
    run_test("a damaged archive is an error", damage_is_an_error);
    run_test("a later archive's files are known before it is there",
             a_later_archive_is_known_before_it_is_there);
    run_test("a refused archive is an error, and asked for again",
             a_refused_archive_is_an_error_and_asked_for_again);
    run_test("a signal ends the wait for an archive", a_signal_ends_the_wait_for_an_archive);
    run_test("many threads wait for one answer", many_threads_wait_for_one_answer);
}
