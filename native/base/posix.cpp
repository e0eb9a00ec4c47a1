#include "native/base/posix.h"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "native/base/failure.h"

namespace gil::native {

void UniqueFd::reset(int fd) {
    // close is not repeated after EINTR: Linux has released the number by then.
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

std::string errno_text(int error) {
    return std::generic_category().message(error);
}

Error system_error(std::string where, const std::string& what, int error) {
    return Error{std::move(where), what + ": " + errno_text(error), ""};
}

std::string describe_exit(int status) {
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        const char* name = ::sigabbrev_np(number);
        return "was ended by signal " + std::to_string(number) + (name ? " (SIG" + std::string(name) + ")" : "");
    }
    if (const char* words = describe_failure(WEXITSTATUS(status))) return words;
    return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

int wait_for_exit(pid_t pid) {
    int status = 0;
    pid_t got = 0;
    do {
        got = ::waitpid(pid, &status, 0);
    } while (got < 0 && errno == EINTR);
    return got == pid ? status : -1;
}

int wait_or_kill(pid_t pid, Nanoseconds patience) {
    for (Nanoseconds waited = 0; waited < patience; waited += millisecond) {
        int status = 0;
        const pid_t got = ::waitpid(pid, &status, WNOHANG);
        if (got == pid) return status;
        if (got < 0 && errno != EINTR) return -1;
        ::poll(nullptr, 0, 1);
    }
    ::kill(pid, SIGKILL);
    return wait_for_exit(pid);
}

bool write_all(int fd, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        ssize_t done = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (done < 0 && errno == ENOTSOCK) done = ::write(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pollfd room{fd, POLLOUT, 0};
            ::poll(&room, 1, -1);
            continue;
        }
        if (done < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return true;
}

bool read_all(int fd, std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::read(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return true;
}

Result<std::pair<UniqueFd, UniqueFd>> socket_pair(int type) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) {
        return system_error("", "no socket pair can be made", errno);
    }
    // The default holds 200 KB: a message of megabytes would make its reader and its writer take turns.
    constexpr int room = 4 << 20;
    for (const int end : ends) (void)::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

bool set_nonblocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

namespace {

constexpr std::size_t most_descriptors = 8;

} // namespace

bool send_descriptors(int socket, std::span<const int> fds) {
    // Bits of the byte say which ones there are.
    std::uint8_t present = 0;
    std::vector<int> passed;
    for (std::size_t i = 0; i < fds.size() && i < most_descriptors; ++i) {
        if (fds[i] < 0) continue;
        present = static_cast<std::uint8_t>(present | (1u << i));
        passed.push_back(fds[i]);
    }
    iovec data{&present, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (!passed.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(passed.size() * sizeof(int));
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(passed.size() * sizeof(int));
        std::memcpy(CMSG_DATA(header), passed.data(), passed.size() * sizeof(int));
    }
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == 1;
}

std::optional<std::vector<UniqueFd>> receive_descriptors(int socket) {
    std::uint8_t present = 0;
    iovec data{&present, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t got = 0;
    do {
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got != 1) return std::nullopt;
    std::array<int, most_descriptors> passed{};
    std::size_t count = 0;
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        std::memcpy(passed.data(), CMSG_DATA(header), count * sizeof(int));
    }
    std::vector<UniqueFd> fds(most_descriptors);
    std::size_t next = 0;
    for (std::size_t i = 0; i < most_descriptors && next < count; ++i) {
        if ((present & (1u << i)) != 0) fds[i].reset(passed[next++]);
    }
    return fds;
}

void keep_memory() {
    constexpr int largest_threshold = 32 << 20; // what glibc accepts
    ::mallopt(M_MMAP_THRESHOLD, largest_threshold);
    ::mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

void close_all_but(std::span<const int> keep) {
    // One system call per gap; kernels before 5.9 do not have it.
    std::vector<int> sorted(keep.begin(), keep.end());
    std::sort(sorted.begin(), sorted.end());
    unsigned from = 3;
    bool closed = true;
    for (const int fd : sorted) {
        const auto kept_fd = static_cast<unsigned>(fd);
        if (kept_fd > from) closed = closed && ::close_range(from, kept_fd - 1, 0) == 0;
        from = std::max(from, kept_fd + 1);
    }
    if (closed && ::close_range(from, ~0u, 0) == 0) return;

    const auto kept = [&](int fd) { return std::find(keep.begin(), keep.end(), fd) != keep.end(); };
    std::vector<int> open;
    if (DIR* folder = ::opendir("/proc/self/fd")) {
        while (const dirent* entry = ::readdir(folder)) {
            const int fd = std::atoi(entry->d_name);
            if (fd > 2 && fd != ::dirfd(folder)) open.push_back(fd);
        }
        ::closedir(folder);
    } else {
        for (int fd = 3; fd < 1024; ++fd) open.push_back(fd);
    }
    for (const int fd : open) {
        if (!kept(fd)) ::close(fd);
    }
}

void die_with_parent(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before the line above: then no signal will come.
    if (::getppid() != parent) ::_exit(1);
}

pid_t peer_pid(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    return peer.pid;
}

BlockedSignals::BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

BlockedSignals::~BlockedSignals() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void reset_signals() {
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2}) {
        ::signal(number, SIG_DFL);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void fill_standard_descriptors() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) >= 0) continue;
        // The lowest free number is this one; opened the wrong way round, every use of it fails.
        if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
    }
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65'536);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace gil::native
