// Users: the one that there is, for pwd and grp.
// SPDX-License-Identifier: MIT
//
// Its name and home are the environment's USER and HOME as the program found them; what it sets later is
// its own business, as with a user database.
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>

namespace {

std::string at_start(const char* variable, const char* otherwise) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

const std::string g_name = at_start("USER", "user");
const std::string g_home = at_start("HOME", "/home/user");

// Copies texts into a caller's buffer.
class Buffer {
  public:
    Buffer(char* start, size_t size) : next_(start), left_(size) {}

    char* copy(const std::string& text) {
        const size_t size = text.size() + 1;
        if (size > left_) {
            full_ = true;
            return nullptr;
        }
        char* const copied = next_;
        std::memcpy(copied, text.c_str(), size);
        next_ += size;
        left_ -= size;
        return copied;
    }

    // Room for pointers, which are aligned.
    char** pointers(size_t count) {
        const size_t padding = -reinterpret_cast<uintptr_t>(next_) % alignof(char*);
        const size_t size = padding + count * sizeof(char*);
        if (size > left_) {
            full_ = true;
            return nullptr;
        }
        char** const room = reinterpret_cast<char**>(next_ + padding);
        next_ += size;
        left_ -= size;
        return room;
    }

    bool is_full() const { return full_; }

  private:
    char* next_;
    size_t left_;
    bool full_ = false;
};

int fill(passwd* out, char* start, size_t size, passwd** found) {
    Buffer buffer(start, size);
    out->pw_name = buffer.copy(g_name);
    out->pw_passwd = buffer.copy("x");
    out->pw_uid = getuid();
    out->pw_gid = getgid();
    out->pw_gecos = buffer.copy("");
    out->pw_dir = buffer.copy(g_home);
    out->pw_shell = buffer.copy("/bin/sh");
    if (buffer.is_full()) return ERANGE;
    *found = out;
    return 0;
}

int fill(group* out, char* start, size_t size, group** found) {
    Buffer buffer(start, size);
    out->gr_name = buffer.copy(g_name);
    out->gr_passwd = buffer.copy("x");
    out->gr_gid = getgid();
    out->gr_mem = buffer.pointers(1);
    if (buffer.is_full()) return ERANGE;
    out->gr_mem[0] = nullptr;
    *found = out;
    return 0;
}

// What getpwent() and getgrent() give: the entry once, then none. Python calls them with its own lock held.
template <typename Entry>
class List {
  public:
    void rewind() { told_ = false; }
    Entry* next() {
        if (told_) return nullptr;
        told_ = true;
        Entry* found = nullptr;
        const int error = fill(&entry_, text_, sizeof text_, &found);
        if (error != 0) errno = error;
        return found;
    }

  private:
    bool told_ = false;
    Entry entry_{};
    char text_[4096];
};

List<passwd> g_users;
List<group> g_groups;

constexpr uid_t kUser = 0;
// Leaves an id as it is, where there are several.
constexpr uid_t kLeft = static_cast<uid_t>(-1);

// The one user may become itself.
int become(std::initializer_list<uid_t> ids, uid_t allowed = kUser) {
    for (const uid_t id : ids) {
        if (id == kUser || id == allowed) continue;
        errno = EPERM;
        return -1;
    }
    return 0;
}

}  // namespace

extern "C" {

// Emscripten's own refuse whatever they are asked, and are not told the ids.
int setuid(uid_t id) { return become({id}); }
int setgid(gid_t id) { return become({id}); }
int seteuid(uid_t id) { return become({id}); }
int setegid(gid_t id) { return become({id}); }
int setreuid(uid_t id, uid_t effective) { return become({id, effective}, kLeft); }
int setregid(gid_t id, gid_t effective) { return become({id, effective}, kLeft); }

int getpwuid_r(uid_t uid, passwd* out, char* buffer, size_t size, passwd** found) {
    *found = nullptr;
    return uid == getuid() ? fill(out, buffer, size, found) : 0;
}

int getpwnam_r(const char* name, passwd* out, char* buffer, size_t size, passwd** found) {
    *found = nullptr;
    return g_name == name ? fill(out, buffer, size, found) : 0;
}

void setpwent() { g_users.rewind(); }
void endpwent() { g_users.rewind(); }
passwd* __wrap_getpwent() { return g_users.next(); }

int getgrgid_r(gid_t gid, group* out, char* buffer, size_t size, group** found) {
    *found = nullptr;
    return gid == getgid() ? fill(out, buffer, size, found) : 0;
}

int getgrnam_r(const char* name, group* out, char* buffer, size_t size, group** found) {
    *found = nullptr;
    return g_name == name ? fill(out, buffer, size, found) : 0;
}

void setgrent() { g_groups.rewind(); }
void endgrent() { g_groups.rewind(); }
group* getgrent() { return g_groups.next(); }

}  // extern "C"
