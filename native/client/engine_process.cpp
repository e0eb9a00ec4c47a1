#include "native/client/engine_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <utility>

#include "core/engine/protocol.h"
#include "native/base/event_loop.h"

namespace gil::native {

namespace {

constexpr std::size_t deaths_until_it_stops = 3;
constexpr Nanoseconds deaths_window = 10 * second;

/// Between fork and exec, maybe with other threads in the parent: only async-signal-safe calls.
[[noreturn]] void become_engine(int socket, const char* executable, char* const* arguments) {
    ::setpgid(0, 0);
    reset_signals();
    // Standard output belongs to the front end's document, the terminal's keys to the front end.
    const int null = ::open("/dev/null", O_RDWR);
    if (null >= 0) {
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
        if (null > STDERR_FILENO) ::close(null);
    }
    ::fcntl(socket, F_SETFD, 0);
    ::execv(executable, arguments);
    ::_exit(127);
}

} // namespace

std::string engine_program() {
    std::error_code error;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).replace_filename("gilplay-engine");
    return ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "/proc/self/exe";
}

EngineProcess::EngineProcess(Options options) : options_(std::move(options)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    start();
}

EngineProcess::~EngineProcess() {
    end_group();
    await_ends();
}

void EngineProcess::await_ends() {
    const Nanoseconds deadline = monotonic_now() + 2 * second;
    while (!dying_groups_.empty() && monotonic_now() < deadline) {
        reap();
        if (!dying_groups_.empty()) ::poll(nullptr, 0, 1);
    }
}

void EngineProcess::watch_socket(bool also_writable, int operation) {
    epoll_event event{};
    event.events = also_writable ? EPOLLIN | EPOLLOUT : EPOLLIN;
    ::epoll_ctl(epoll_.get(), operation, socket_.get(), &event);
}

void EngineProcess::start() {
    auto pair = socket_pair(SOCK_STREAM);
    if (!pair) return report_failure("the engine could not be started: " + pair.error().what);
    auto& [ours, theirs] = pair.value();
    std::array<std::string, 4> words{"gilplay-engine", "--engine-fd", std::to_string(theirs.get()),
                                     std::to_string(options_.delay_port)};
    std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    const pid_t pid = ::fork();
    if (pid < 0) return report_failure("the engine could not be started: " + errno_text(errno));
    if (pid == 0) become_engine(theirs.get(), options_.executable.c_str(), arguments.data());
    // Both sides do it: whoever comes first, the group exists before either goes on.
    ::setpgid(pid, pid);
    pid_ = pid;
    socket_ = std::move(ours);
    reader_ = FrameReader();
    unsent_.clear();
    sent_ = 0;
    if (!set_nonblocking(socket_.get())) return died("its socket cannot be used");
    watch_socket(false, EPOLL_CTL_ADD);
}

void EngineProcess::end_group() {
    if (pid_ < 0) return;
    // The leader is not reaped yet, so its number cannot belong to another group.
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    dying_groups_.push_back(std::exchange(pid_, -1));
    socket_.reset();
    reap();
}

void EngineProcess::reap() {
    std::erase_if(dying_groups_, [](pid_t group) {
        pid_t pid = 0;
        do {
            pid = ::waitpid(-group, nullptr, WNOHANG);
        } while (pid > 0 || (pid < 0 && errno == EINTR));
        return pid < 0;
    });
    // Orphans of the living group, say workers whose forkserver was killed. Looked at first: the engine's own end is
    // for died() to read.
    for (siginfo_t ended{}; pid_ > 0; ended = {}) {
        const int looked = ::waitid(P_PGID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
        if (looked != 0 || ended.si_pid == 0 || ended.si_pid == pid_) break;
        ::waitpid(ended.si_pid, nullptr, WNOHANG);
    }
}

void EngineProcess::report_failure(const std::string& reason) {
    events_.push_back(to_json(Event(FailedEvent{0, reason})));
}

void EngineProcess::send(const Json& message) {
    if (!socket_.valid()) return;
    const std::vector<std::uint8_t> bytes = to_bytes(message);
    if (bytes.size() > max_frame_bytes) return report_failure("the request is larger than 64 MiB");
    const auto frame = make_frame(bytes);
    unsent_.insert(unsent_.end(), frame.begin(), frame.end());
    flush();
}

void EngineProcess::flush() {
    while (sent_ < unsent_.size()) {
        const ssize_t done =
            ::send(socket_.get(), unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done < 0 && errno == EINTR) continue;
        // A dead engine is noticed by receive().
        if (done < 0) break;
        sent_ += static_cast<std::size_t>(done);
    }
    if (sent_ == unsent_.size()) {
        unsent_.clear();
        sent_ = 0;
    }
    watch_socket(!unsent_.empty(), EPOLL_CTL_MOD);
}

void EngineProcess::receive() {
    const FrameReader::Status status = reader_.read_from(socket_.get());
    while (const auto frame = reader_.next()) {
        auto message = from_bytes(*frame);
        if (!message) return died("the engine sent garbage: " + message.error().line());
        events_.push_back(std::move(message.value()));
    }
    if (status == FrameReader::Status::garbage) return died("the engine sent garbage: a message above 64 MiB");
    if (status == FrameReader::Status::closed) died("");
}

/// Its own end, or ours because of what it said (`garbage`).
void EngineProcess::died(const std::string& garbage) {
    // Closing its socket was the last thing it did, or SIGKILL comes now: either way this wait is short.
    if (!garbage.empty()) ::kill(pid_, SIGKILL);
    siginfo_t ignored{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    ::kill(-pid_, SIGKILL);
    const int status = wait_for_exit(pid_);
    dying_groups_.push_back(std::exchange(pid_, -1));
    socket_.reset();
    reap();

    const Nanoseconds now = monotonic_now();
    deaths_.push_back(now);
    while (now - deaths_.front() > deaths_window) deaths_.pop_front();
    const bool again = options_.restart_after_death && deaths_.size() < deaths_until_it_stops;
    std::string reason = garbage.empty() ? "the engine " + describe_exit(status) : garbage;
    if (options_.restart_after_death && !again)
        reason += "; this was the third time in a row, so it stays off until the next run";
    report_failure(reason);
    if (again) start();
}

std::optional<Json> EngineProcess::poll() {
    reap();
    if (events_.empty() && socket_.valid()) {
        if (!unsent_.empty()) flush();
        receive();
    }
    if (events_.empty()) return std::nullopt;
    Json event = std::move(events_.front());
    events_.pop_front();
    return event;
}

std::optional<Json> EngineProcess::wait(Nanoseconds timeout) {
    const Nanoseconds deadline = monotonic_now() + timeout;
    for (;;) {
        if (auto event = poll()) return event;
        const Nanoseconds left = deadline - monotonic_now();
        if (left <= 0 || !socket_.valid()) return std::nullopt;
        pollfd polled{epoll_.get(), POLLIN, 0};
        ::poll(&polled, 1, static_cast<int>(std::min<Nanoseconds>(left / millisecond + 1, 1'000'000)));
    }
}

void EngineProcess::start_again() {
    if (pid_ < 0) start();
}

void EngineProcess::restart_without_delays() {
    options_.delay_port = 0;
    end_group();
    await_ends(); // they count against the user's limit of processes until they are reaped
    restart();
}

bool EngineProcess::is_stopped() const {
    if (pid_ < 0) return false;
    // Without taking the news, which so stays true until the process goes on.
    siginfo_t stopped{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED | WNOHANG | WNOWAIT) == 0 && stopped.si_pid != 0;
}

void EngineProcess::restart() {
    end_group();
    events_.clear();
    deaths_.clear();
    start();
}

} // namespace gil::native
