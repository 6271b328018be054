// Tests of mounted host folders: what a program does to files reaches the host, and back.
// SPDX-License-Identifier: MIT
//
// "Another process" is played by calling the host's functions directly, past the mount.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "check.h"
#include "host/host.h"

namespace {

// The runner grants these folders, in this order.
constexpr int kMount = 0;    // /mnt/host
constexpr int kDevices = 1;  // /dev

std::string g_host;  // the host's path of /mnt/host

// Content of a file as the host has it.
std::string host_content(const char* path) {
    int folder = kMount;
    for (const char* slash; (slash = std::strchr(path, '/')) != nullptr; path = slash + 1) {
        const int inner = heddle_host_open_folder(folder, std::string(path, slash).c_str());
        if (folder != kMount) heddle_host_close(folder);
        folder = inner;
    }
    const int fd = heddle_host_open(folder, path, HEDDLE_OPEN_READ, 0);
    if (folder != kMount) heddle_host_close(folder);
    if (fd < 0) return "errno " + std::to_string(-fd);
    std::string text(1000, '\0');
    const int size = heddle_host_pread(fd, text.data(), text.size(), 0);
    heddle_host_close(fd);
    return text.substr(0, static_cast<size_t>(size));
}

void host_write(const char* name, const char* text) {
    const int fd = heddle_host_open(
        kMount, name, HEDDLE_OPEN_WRITE | HEDDLE_OPEN_CREATE | HEDDLE_OPEN_TRUNCATE, 0644);
    CHECK(fd >= 0);
    CHECK_EQ(heddle_host_pwrite(fd, text, std::strlen(text), 0),
             static_cast<int64_t>(std::strlen(text)));
    heddle_host_close(fd);
}

void close_host(int number) { CHECK_EQ(heddle_host_close(number), 0); }

int open_in(const char* name, int flags, int mode = 0644) {
    return open((std::string("/mnt/host/") + name).c_str(), flags, mode);
}

struct stat stat_in(const char* name) {
    struct stat status{};
    CHECK_EQ(lstat((std::string("/mnt/host/") + name).c_str(), &status), 0);
    return status;
}

void files_are_created_and_written() {
    const int fd = open_in("a.txt", O_CREAT | O_RDWR | O_TRUNC);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, "hello world", 11), 11);
    CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
    char text[10] = {};
    CHECK_EQ(read(fd, text, 5), 5);
    CHECK(std::strcmp(text, "world") == 0);
    CHECK_EQ(fsync(fd), 0);
    CHECK_EQ(ftruncate(fd, 5), 0);
    close(fd);
    CHECK(host_content("a.txt") == "hello");
    const int appending = open_in("a.txt", O_WRONLY | O_APPEND);
    CHECK_EQ(write(appending, "!", 1), 1);
    host_write("a.txt", "changed");  // by another process, while we have it open
    CHECK_EQ(write(appending, "?", 1), 1);
    close(appending);
    CHECK(host_content("a.txt") == "changed?");
    CHECK_EQ(truncate("/mnt/host/a.txt", 3), 0);
    CHECK(host_content("a.txt") == "cha");
    CHECK_EQ(close(open_in("a.txt", O_WRONLY | O_TRUNC)), 0);
    CHECK(host_content("a.txt").empty());
}

void open_flags_mean_what_they_say() {
    host_write("flags.txt", "text");
    CHECK_EQ(open_in("flags.txt", O_CREAT | O_EXCL | O_WRONLY), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(open_in("missing.txt", O_RDONLY), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(open_in("flags.txt/x", O_CREAT | O_RDWR), -1);
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(open_in(".", O_RDWR), -1);
    CHECK_EQ(errno, EISDIR);
    // Made read-only, yet this open may write.
    const int fd = open_in("readonly.txt", O_CREAT | O_WRONLY, 0444);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
    CHECK_EQ(open_in("readonly.txt", O_WRONLY), -1);
    CHECK_EQ(errno, EACCES);
    // One file, open for reading and then for writing as well.
    const int reading = open_in("flags.txt", O_RDONLY);
    const int writing = open_in("flags.txt", O_WRONLY);
    CHECK_EQ(write(writing, "TE", 2), 2);
    char text[10] = {};
    CHECK_EQ(read(reading, text, sizeof text), 4);
    CHECK(std::strcmp(text, "TExt") == 0);
    CHECK_EQ(write(reading, "x", 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(read(writing, text, 1), -1);
    CHECK_EQ(errno, EBADF);
    close(reading);
    close(writing);
    const std::string long_name(300, 'n');
    CHECK_EQ(open_in(long_name.c_str(), O_CREAT | O_WRONLY), -1);
    CHECK_EQ(errno, ENAMETOOLONG);
}

void folders_are_made_listed_and_removed() {
    CHECK_EQ(mkdir("/mnt/host/dir", 0755), 0);
    CHECK_EQ(mkdir("/mnt/host/dir", 0755), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(mkdir("/mnt/host/dir/sub", 0755), 0);
    close(open_in("dir/file", O_CREAT | O_WRONLY));
    const int dir_folder = heddle_host_open_folder(kMount, "dir");
    close_host(
        heddle_host_open(dir_folder, "foreign", HEDDLE_OPEN_WRITE | HEDDLE_OPEN_CREATE, 0644));
    close_host(dir_folder);
    CHECK_EQ(symlink("file", "/mnt/host/dir/link"), 0);
    std::set<std::string> names;
    DIR* dir = opendir("/mnt/host/dir");
    CHECK(dir != nullptr);
    while (const dirent* entry = dir != nullptr ? readdir(dir) : nullptr) {
        const char kind = entry->d_type == DT_DIR   ? 'd'
                          : entry->d_type == DT_LNK ? 'l'
                          : entry->d_type == DT_REG ? 'f'
                                                    : '?';
        names.insert(std::string(entry->d_name) + kind);
    }
    closedir(dir);
    CHECK((names == std::set<std::string>{".d", "..d", "subd", "filef", "foreignf", "linkl"}));
    CHECK_EQ(rmdir("/mnt/host/dir"), -1);
    CHECK_EQ(errno, ENOTEMPTY);
    CHECK_EQ(unlink("/mnt/host/dir/sub"), -1);
    CHECK_EQ(errno, EISDIR);
    CHECK_EQ(rmdir("/mnt/host/dir/sub"), 0);
    CHECK_EQ(unlink("/mnt/host/dir/file"), 0);
    CHECK_EQ(unlink("/mnt/host/dir/foreign"), 0);
    CHECK_EQ(unlink("/mnt/host/dir/link"), 0);
    CHECK_EQ(rmdir("/mnt/host/dir"), 0);
    heddle_host_stat_t stat;
    CHECK_EQ(heddle_host_stat(kMount, "dir", &stat), -ENOENT);
}

void files_and_folders_are_renamed() {
    CHECK_EQ(mkdir("/mnt/host/from", 0755), 0);
    CHECK_EQ(mkdir("/mnt/host/from/deep", 0755), 0);
    const int fd = open_in("from/deep/file", O_CREAT | O_RDWR);
    CHECK_EQ(write(fd, "moved", 5), 5);
    CHECK_EQ(rename("/mnt/host/from", "/mnt/host/to"), 0);
    CHECK_EQ(write(fd, "!", 1), 1);
    close(fd);
    CHECK(host_content("to/deep/file") == "moved!");
    CHECK_EQ(chdir("/mnt/host/to/deep"), 0);
    char cwd[100] = {};
    CHECK(getcwd(cwd, sizeof cwd) != nullptr && std::strcmp(cwd, "/mnt/host/to/deep") == 0);
    CHECK_EQ(chdir(".."), 0);
    CHECK(getcwd(cwd, sizeof cwd) != nullptr && std::strcmp(cwd, "/mnt/host/to") == 0);
    CHECK_EQ(chdir("/"), 0);
    host_write("target", "old");
    CHECK_EQ(rename("/mnt/host/to/deep/file", "/mnt/host/target"), 0);
    CHECK(host_content("target") == "moved!");
    CHECK_EQ(access("/mnt/host/to/deep/file", F_OK), -1);
    CHECK_EQ(rename("/mnt/host/target", "/tmp/elsewhere"), -1);
    CHECK_EQ(errno, EXDEV);
    CHECK_EQ(rename("/mnt/host/nothing", "/mnt/host/x"), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(rmdir("/mnt/host/to/deep"), 0);
    CHECK_EQ(rmdir("/mnt/host/to"), 0);
}

void an_open_file_outlives_its_name() {
    const int fd = open_in("gone", O_CREAT | O_RDWR);
    CHECK_EQ(unlink("/mnt/host/gone"), 0);
    CHECK_EQ(write(fd, "still here", 10), 10);
    char text[20] = {};
    CHECK_EQ(pread(fd, text, sizeof text, 0), 10);
    struct stat status{};
    CHECK_EQ(fstat(fd, &status), 0);
    CHECK_EQ(status.st_size, 10);
    close(fd);
    CHECK_EQ(access("/mnt/host/gone", F_OK), -1);
}

void links_are_followed() {
    host_write("pointed", "by a link");
    CHECK_EQ(symlink("pointed", "/mnt/host/relative"), 0);
    CHECK_EQ(heddle_host_symlink((g_host + "/pointed").c_str(), kMount, "absolute"), 0);
    char text[100] = {};
    CHECK_EQ(readlink("/mnt/host/relative", text, sizeof text), 7);
    for (const char* name : {"relative", "absolute"}) {
        const int fd = open_in(name, O_RDONLY);
        CHECK_EQ(read(fd, text, sizeof text), 9);
        close(fd);
        CHECK(S_ISLNK(stat_in(name).st_mode));
    }
    CHECK_EQ(symlink("x", "/mnt/host/relative"), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(unlink("/mnt/host/relative"), 0);
    CHECK(host_content("pointed") == "by a link");
}

void times_and_modes_are_the_hosts() {
    host_write("timed", "x");
    CHECK_EQ(heddle_host_utimes(kMount, "timed", 1'000'000'000'500.0, 1'234'567'890'250.0), 0);
    struct stat status = stat_in("timed");
    CHECK_EQ(status.st_mtim.tv_sec, 1'234'567'890);
    CHECK_EQ(status.st_mtim.tv_nsec / 1'000'000, 250);
    CHECK_EQ(status.st_atim.tv_sec, 1'000'000'000);
    host_write("timed", "longer");  // by another process
    status = stat_in("timed");
    CHECK_EQ(status.st_size, 6);
    CHECK(status.st_mtim.tv_sec > 1'700'000'000);
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                               {.tv_sec = 1'500'000'000, .tv_nsec = 0}};
    CHECK_EQ(utimensat(AT_FDCWD, "/mnt/host/timed", times, 0), 0);
    heddle_host_stat_t stat;
    CHECK_EQ(heddle_host_stat(kMount, "timed", &stat), 0);
    CHECK_EQ(static_cast<int64_t>(stat.mtime_ms), 1'500'000'000'000);
    CHECK_EQ(chmod("/mnt/host/timed", 0600), 0);
    CHECK_EQ(heddle_host_stat(kMount, "timed", &stat), 0);
    CHECK_EQ(stat.mode & 07777, 0600);
    CHECK_EQ(heddle_host_chmod(kMount, "timed", 0640), 0);
    CHECK_EQ(stat_in("timed").st_mode & 07777, 0640);
    const int fd = open_in("timed", O_RDONLY);
    CHECK_EQ(fchmod(fd, 0644), 0);
    CHECK_EQ(futimens(fd, nullptr), 0);
    close(fd);
    CHECK_EQ(heddle_host_stat(kMount, "timed", &stat), 0);
    CHECK_EQ(stat.mode & 07777, 0644);
    CHECK(stat.mtime_ms > 1.7e12);
}

void changes_by_others_are_seen() {
    CHECK_EQ(access("/mnt/host/late", F_OK), -1);
    host_write("late", "1");
    CHECK_EQ(access("/mnt/host/late", F_OK), 0);
    const ino_t first = stat_in("late").st_ino;
    const int old = open_in("late", O_RDONLY);
    // Replaced as editors do: the old content stays in what is open, the name has the new one.
    host_write("late.new", "22");
    CHECK_EQ(heddle_host_rename(kMount, "late.new", kMount, "late"), 0);
    CHECK_EQ(stat_in("late").st_size, 2);
    CHECK(stat_in("late").st_ino != first);
    char text[10];
    CHECK_EQ(read(old, text, sizeof text), 1);
    close(old);
    CHECK_EQ(heddle_host_unlink(kMount, "late"), 0);
    CHECK_EQ(access("/mnt/host/late", F_OK), -1);
    CHECK_EQ(errno, ENOENT);
}

void large_offsets_are_not_cut() {
    const int fd = open_in("big", O_CREAT | O_RDWR);
    constexpr off_t kFar = (off_t{5} << 30) + 123;
    CHECK_EQ(pwrite(fd, "far", 3, kFar), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_END), kFar + 3);
    char text[4] = {};
    CHECK_EQ(pread(fd, text, 3, kFar), 3);
    CHECK(std::strcmp(text, "far") == 0);
    CHECK_EQ(stat_in("big").st_size, kFar + 3);
    CHECK_EQ(ftruncate(fd, kFar - 1), 0);
    CHECK_EQ(stat_in("big").st_size, kFar - 1);
    close(fd);
    CHECK_EQ(unlink("/mnt/host/big"), 0);
}

// A full disk and a device, where the host has Linux's.
void device_errors_come_through() {
    if (heddle_files_mount_host("/mnt/dev", "/dev", kDevices) != 0) return;
    char text[4] = "abc";
    const int full = open("/mnt/dev/full", O_WRONLY);
    if (full < 0) return;
    CHECK_EQ(write(full, text, 3), -1);
    CHECK_EQ(errno, ENOSPC);
    close(full);
    const int zero = open("/mnt/dev/zero", O_RDONLY);
    CHECK_EQ(read(zero, text, 3), 3);
    CHECK_EQ(text[0] + text[1] + text[2], 0);
    CHECK_EQ(lseek(zero, 0, SEEK_CUR), -1);
    close(zero);
}

void mounts_have_conditions() {
    CHECK_EQ(heddle_files_mount_host("/mnt/x", "/nothing", 1000), -EBADF);
    CHECK_EQ(heddle_files_mount_host("/", g_host.c_str(), kMount), -EINVAL);
    CHECK_EQ(mkdir("/mnt/y", 0777), 0);
    CHECK_EQ(heddle_files_mount_host("/mnt/y", g_host.c_str(), kMount), 0);
    CHECK_EQ(access("/mnt/y/pointed", F_OK), 0);
    CHECK_EQ(heddle_files_mount_host("/tmp", g_host.c_str(), kMount), -ENOTEMPTY);
    CHECK_EQ(heddle_files_add_link("/mnt/host", "/aliases/host"), 0);
    CHECK_EQ(access("/aliases/host/pointed", F_OK), 0);
    CHECK_EQ(heddle_files_add_link("/mnt/host", "/aliases/host"), -EEXIST);
}

// More folders than are kept open, each used again after it has been closed.
void many_folders_are_open_in_turns() {
    constexpr int kFolders = 600;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < kFolders; i++) {
            const std::string folder = "/mnt/host/many" + std::to_string(i);
            if (round == 0) CHECK_EQ(mkdir(folder.c_str(), 0755), 0);
            const int fd = open((folder + "/file").c_str(), O_CREAT | O_WRONLY, 0644);
            CHECK(fd >= 0);
            close(fd);
        }
    }
    for (int i = 0; i < kFolders; i++) {
        const std::string folder = "/mnt/host/many" + std::to_string(i);
        CHECK_EQ(unlink((folder + "/file").c_str()), 0);
        CHECK_EQ(rmdir(folder.c_str()), 0);
    }
}

}  // namespace

void test_host_files(const char* host_folder) {
    g_host = host_folder;
    CHECK_EQ(heddle_files_mount_host("/mnt/host", host_folder, kMount), 0);
    run_test("files are created, written, appended, cut", files_are_created_and_written);
    run_test("open's flags mean what they say", open_flags_mean_what_they_say);
    run_test("folders are made, listed and removed", folders_are_made_listed_and_removed);
    run_test("files and folders are renamed", files_and_folders_are_renamed);
    run_test("an open file outlives its name", an_open_file_outlives_its_name);
    run_test("links are followed", links_are_followed);
    run_test("times and modes are the host's", times_and_modes_are_the_hosts);
    run_test("changes by other processes are seen", changes_by_others_are_seen);
    run_test("offsets beyond 4 GiB are not cut", large_offsets_are_not_cut);
    run_test("errors of devices come through", device_errors_come_through);
    run_test("many folders are open in turns", many_folders_are_open_in_turns);
    run_test("mounts that cannot be are refused", mounts_have_conditions);
}
