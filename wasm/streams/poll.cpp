// poll(), ppoll(), select() and pselect(): waiting for descriptors, interruptibly.
// SPDX-License-Identifier: MIT
//
// These take the place of libc's own functions (each is the only one of its object in libc.a). All
// waits sleep on g_readiness, which every change of a console, pipe or socket rings. Then they look
// at all their descriptors again, so waking early is harmless. Files that are no streams are always
// ready, as poll() has it for regular files.
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>

#include <memory>
#include <vector>

#include "heddle/heddle.h"
#include "heddle/timespec.h"
#include "streams/bell.h"
#include "streams/io_wait.h"
#include "streams/stream_file.h"

namespace heddle {
namespace {

constexpr short kAlwaysReported = POLLERR | POLLHUP | POLLNVAL;
constexpr short kFileReadiness = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;

short readiness_of(int fd) {
    const Descriptor descriptor = look_up(fd);
    if (!descriptor.is_open()) return POLLNVAL;
    const auto stream = as_stream(descriptor.file);
    return stream != nullptr ? stream->readiness() : kFileReadiness;
}

// Fills in revents; the number of descriptors that have some.
int scan(pollfd* fds, nfds_t count) {
    int ready = 0;
    for (nfds_t i = 0; i < count; i++) {
        pollfd& entry = fds[i];
        entry.revents = 0;
        if (entry.fd < 0) continue;  // POSIX: to be left out
        entry.revents = readiness_of(entry.fd) & (entry.events | kAlwaysReported);
        if (entry.revents != 0) ready++;
    }
    return ready;
}

// While it lives, the streams know that somebody waits for their input.
class Interest {
  public:
    Interest(const pollfd* fds, nfds_t count) {
        for (nfds_t i = 0; i < count; i++) {
            if ((fds[i].events & (POLLIN | POLLRDNORM)) == 0) continue;
            if (auto stream = as_stream(look_up(fds[i].fd).file)) streams_.push_back(stream);
        }
        for (auto& stream : streams_) stream->note_interest(+1);
    }
    ~Interest() {
        for (auto& stream : streams_) stream->note_interest(-1);
    }
    Interest(const Interest&) = delete;
    Interest& operator=(const Interest&) = delete;

  private:
    std::vector<std::shared_ptr<StreamFile>> streams_;
};

// The number of descriptors that are ready, 0 when the deadline came, or -EINTR.
int wait_ready(pollfd* fds, nfds_t count, Deadline deadline) {
    if (is_host_thread()) deadline = kAtOnce;
    uint32_t seen = g_readiness.count();
    if (int ready = scan(fds, count)) return ready;
    if (is_over(deadline)) return 0;

    const Interest interest(fds, count);
    for (;;) {
        const WaitResult waited = g_readiness.wait(seen, deadline, Interruptible::yes);
        seen = g_readiness.count();
        if (int ready = scan(fds, count)) return ready;
        if (waited == WaitResult::timed_out) return 0;
        if (waited == WaitResult::interrupted) return -EINTR;
    }
}

// The same without descriptors: a sleep that no change elsewhere disturbs.
int sleep_until(Deadline deadline) {
    if (is_host_thread()) return 0;
    const int64_t timeout_ns = deadline == kNever ? HEDDLE_FOREVER : time_left_ns(deadline);
    return heddle_sleep(timeout_ns, /*interruptible=*/true) == HEDDLE_INTERRUPTED ? -EINTR : 0;
}

int poll_until(pollfd* fds, nfds_t count, Deadline deadline) {
    return count == 0 ? sleep_until(deadline) : wait_ready(fds, count, deadline);
}

bool has(const fd_set* set, int fd) { return set != nullptr && FD_ISSET(fd, set); }

int select_until(int limit, fd_set* readable, fd_set* writable, fd_set* special,
                 Deadline deadline) {
    if (limit < 0 || limit > FD_SETSIZE) return -EINVAL;
    std::vector<pollfd> fds;
    for (int fd = 0; fd < limit; fd++) {
        short events = 0;
        if (has(readable, fd)) events |= POLLIN;
        if (has(writable, fd)) events |= POLLOUT;
        if (has(special, fd)) events |= POLLPRI;
        if (events != 0) fds.push_back({fd, events, 0});
    }
    // POSIX has bad descriptors fail, and poll() only marks them.
    const int result = poll_until(fds.data(), fds.size(), deadline);
    if (result < 0) return result;
    for (const pollfd& entry : fds) {
        if ((entry.revents & POLLNVAL) != 0) return -EBADF;
    }
    if (readable != nullptr) FD_ZERO(readable);
    if (writable != nullptr) FD_ZERO(writable);
    if (special != nullptr) FD_ZERO(special);
    int bits = 0;
    const auto report = [&](fd_set* set, const pollfd& entry, short asked, short seen) {
        if ((entry.events & asked) == 0 || (entry.revents & seen) == 0) return;
        FD_SET(entry.fd, set);
        bits++;
    };
    for (const pollfd& entry : fds) {
        report(readable, entry, POLLIN, POLLIN | POLLHUP | POLLERR);
        report(writable, entry, POLLOUT, POLLOUT | POLLERR);
        report(special, entry, POLLPRI, POLLPRI);
    }
    return bits;
}

// The deadline for a relative time that may be null (wait for ever); false if it is not valid.
bool deadline_for(const timespec* timeout, Deadline* out) {
    if (timeout != nullptr && !is_valid(*timeout)) return false;
    *out = timeout == nullptr ? kNever : deadline_after(to_ns(*timeout));
    return true;
}

int finish(int result) {
    if (result >= 0) return result;
    errno = -result;
    return -1;
}

}  // namespace
}  // namespace heddle

using namespace heddle;

extern "C" {

int poll(struct pollfd* fds, nfds_t count, int timeout_ms) {
    return finish(poll_until(fds, count,
                             timeout_ms < 0 ? kNever : deadline_after(timeout_ms * kMillisecond)));
}

// The signal masks are left alone: signals are simulated and do not interrupt C code.
int ppoll(struct pollfd* fds, nfds_t count, const struct timespec* timeout, const sigset_t*) {
    Deadline deadline;
    if (!deadline_for(timeout, &deadline)) return finish(-EINVAL);
    return finish(poll_until(fds, count, deadline));
}

int pselect(int limit, fd_set* readable, fd_set* writable, fd_set* special,
            const struct timespec* timeout, const sigset_t*) {
    Deadline deadline;
    if (!deadline_for(timeout, &deadline)) return finish(-EINVAL);
    return finish(select_until(limit, readable, writable, special, deadline));
}

int select(int limit, fd_set* readable, fd_set* writable, fd_set* special,
           struct timeval* timeout) {
    if (timeout == nullptr) return pselect(limit, readable, writable, special, nullptr, nullptr);
    // More than a second's worth of microseconds is allowed here.
    const timespec precise{.tv_sec = timeout->tv_sec + timeout->tv_usec / 1'000'000,
                           .tv_nsec = static_cast<long>(timeout->tv_usec % 1'000'000 * 1000)};
    return pselect(limit, readable, writable, special, &precise, nullptr);
}

}  // extern "C"
