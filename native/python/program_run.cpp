#include "native/python/program_run.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "native/base/event_loop.h"
#include "native/base/failure.h"
#include "native/base/posix.h"

namespace gil::native {

namespace {

/// What the keeper tells: one message, then it ends.
struct News {
    std::int32_t error = 0;  ///< of exec, 0: it was started
    std::int32_t status = 0; ///< as of waitpid
};

/// Between this process and the program stands a keeper: a process that all of the program's descendants fall to when
/// their parents end, so that it can end every one of them; it does so as soon as `control` closes at our end.
class Keeper {
  public:
    Keeper(int control, std::array<int, 3> standard, std::vector<char*> command, const ProgramLimits& limits,
           pid_t parent)
        : control_(control), standard_(standard), command_(std::move(command)), limits_(limits), parent_(parent) {}

    /// noexcept: an exception must not leave it for the stack of whoever forked us.
    [[noreturn]] void run() noexcept {
        fail_by_status();
        ::setpgid(0, 0);
        reset_signals();
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
        close_all_but(std::array{control_, standard_[0], standard_[1], standard_[2]});
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        sigset_t ending;
        ::sigemptyset(&ending);
        ::sigaddset(&ending, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &ending, nullptr);
        const UniqueFd ended(::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
        News news;
        news.error = start();
        for (const int fd : standard_) ::close(fd);
        if (news.error == 0) news.status = await_end(ended.get());
        end_all();
        if (::getppid() != parent_ && !limits_.remove_when_killed.empty()) {
            std::error_code ignored;
            std::filesystem::remove_all(limits_.remove_when_killed, ignored);
        }
        (void)!::send(control_, &news, sizeof news, MSG_NOSIGNAL);
        ::_exit(0);
    }

  private:
    /// An errno value; 0: started.
    int start() {
        int failure[2] = {-1, -1};
        if (::pipe2(failure, O_CLOEXEC) != 0) return errno;
        UniqueFd said(failure[0]);
        UniqueFd says(failure[1]);
        const pid_t keeper = ::getpid();
        program_ = ::fork();
        if (program_ < 0) return errno;
        if (program_ == 0) {
            ::setpgid(0, 0);
            reset_signals();
            die_with_parent(keeper);
            for (int i = 0; i < 3; ++i) ::dup2(standard_[static_cast<std::size_t>(i)], i);
            const std::string& temporary = limits_.temporary_folder;
            if (!temporary.empty()) ::setenv("TMPDIR", temporary.c_str(), 1);
            ::execv(command_.front(), command_.data());
            const std::int32_t error = errno;
            (void)!::write(says.get(), &error, sizeof error);
            ::_exit(127);
        }
        // Here too: whoever comes second finds it done.
        ::setpgid(program_, program_);
        says.reset();
        std::int32_t error = 0;
        return ::read(said.get(), &error, sizeof error) == sizeof error ? error : 0;
    }

    /// The program's status, or 0 when the other end of `control` has gone first.
    [[nodiscard]] int await_end(int ended) const {
        for (;;) {
            std::array<pollfd, 2> polled{{{control_, POLLIN, 0}, {ended, POLLIN, 0}}};
            ::poll(polled.data(), polled.size(), -1);
            if (polled[0].revents != 0) return 0;
            signalfd_siginfo info{};
            (void)!::read(ended, &info, sizeof info);
            int status = 0;
            // Others that were left to us are reaped on the way.
            for (pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
                if (pid == program_) return status;
            }
        }
    }

    /// The group at once, then whoever left it: each of them becomes our child when its parent ends. They are asked
    /// first: multiprocessing's resource tracker survives that and removes shared memory that the others have left.
    void end_all() const {
        if (!end_all_with(SIGTERM, second)) (void)end_all_with(SIGKILL, 5 * second);
    }

    /// True when none is left.
    [[nodiscard]] bool end_all_with(int signal, Nanoseconds patience) const {
        const Nanoseconds deadline = monotonic_now() + patience;
        if (program_ > 0) ::kill(-program_, signal);
        while (monotonic_now() < deadline) {
            for (const pid_t child : children()) ::kill(child, signal);
            pid_t reaped = 0;
            while ((reaped = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
            }
            if (reaped < 0) return true;
            ::poll(nullptr, 0, 5);
        }
        return false;
    }

    static std::vector<pid_t> children() {
        const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
        const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        std::string text;
        std::array<char, 4'096> piece;
        for (ssize_t got = 0; file.valid() && (got = ::read(file.get(), piece.data(), piece.size())) > 0;) {
            text.append(piece.data(), static_cast<std::size_t>(got));
        }
        std::vector<pid_t> pids;
        for (const char* at = text.c_str(); *at != '\0';) {
            char* end = nullptr;
            const long pid = std::strtol(at, &end, 10);
            if (end == at) break;
            pids.push_back(static_cast<pid_t>(pid));
            at = end + std::strspn(end, " ");
        }
        return pids;
    }

    int control_;
    std::array<int, 3> standard_;
    std::vector<char*> command_;
    const ProgramLimits& limits_;
    pid_t parent_;
    pid_t program_ = -1;
};

class ProgramRun {
  public:
    ProgramRun(const ProgramLimits& limits, const std::function<void()>& tick) : limits_(limits), tick_(tick) {}

    ProgramEnd run(std::vector<std::string> command) {
        const int error = start(std::move(command));
        end_.error = error;
        end_.kind = error != 0 ? ProgramEnd::Kind::not_started : await();
        control_.reset(); // the keeper takes that as the order to end everything
        if (end_.kind == ProgramEnd::Kind::ended) {
            take(out_, limits_.output_bytes);
            take(err_, 0);
        }
        if (keeper_ > 0) (void)wait_for_exit(keeper_);
        return std::move(end_);
    }

  private:
    /// An errno value; 0: the keeper runs.
    int start(std::vector<std::string> command) {
        std::vector<char*> words;
        for (std::string& word : command) words.push_back(word.data());
        words.push_back(nullptr);
        const UniqueFd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        int out[2] = {-1, -1};
        int err[2] = {-1, -1};
        if (!in.valid() || ::pipe2(out, O_CLOEXEC) != 0) return errno;
        out_.reset(out[0]);
        const UniqueFd their_out(out[1]);
        if (::pipe2(err, O_CLOEXEC) != 0) return errno;
        err_.reset(err[0]);
        const UniqueFd their_err(err[1]);
        auto pair = socket_pair(SOCK_STREAM);
        if (!pair) return EMFILE;
        control_ = std::move(pair.value().first);
        if (!set_nonblocking(out_.get()) || !set_nonblocking(err_.get())) return errno;
        const pid_t parent = ::getpid();
        keeper_ = ::fork();
        if (keeper_ < 0) return errno;
        if (keeper_ == 0) {
            Keeper(pair.value().second.get(), {in.get(), their_out.get(), their_err.get()}, std::move(words), limits_,
                   parent)
                .run();
        }
        return 0;
    }

    ProgramEnd::Kind await() {
        const Nanoseconds deadline = monotonic_now() + limits_.time;
        for (;;) {
            std::array<pollfd, 4> polled{{{control_.get(), POLLIN, 0},
                                          {out_.get(), POLLIN, 0},
                                          {err_.get(), POLLIN, 0},
                                          {limits_.interrupt_fd, POLLIN, 0}}};
            const Nanoseconds left = deadline - monotonic_now();
            if (left <= 0) return ProgramEnd::Kind::too_slow;
            ::poll(polled.data(), polled.size(), static_cast<int>(std::min<Nanoseconds>(left / millisecond + 1, 250)));
            if (polled[3].revents != 0) return ProgramEnd::Kind::interrupted;
            if (!take(out_, limits_.output_bytes)) return ProgramEnd::Kind::too_much;
            take(err_, 0);
            if (polled[0].revents != 0) return hear();
            if (tick_) tick_();
        }
    }

    ProgramEnd::Kind hear() {
        News news;
        // A keeper that ends without a word was killed by somebody.
        if (::read(control_.get(), &news, sizeof news) != sizeof news) news.status = SIGKILL;
        end_.status = news.status;
        end_.error = news.error;
        return news.error == 0 ? ProgramEnd::Kind::ended : ProgramEnd::Kind::not_started;
    }

    /// What has come so far; false when it is more than `most`. `most` 0: only the end of it is kept.
    bool take(UniqueFd& from, std::size_t most) {
        constexpr std::size_t kept = 4'096;
        std::string& text = most > 0 ? end_.out : end_.err;
        std::array<char, 65'536> piece;
        while (from.valid()) {
            const ssize_t got = ::read(from.get(), piece.data(), piece.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return true; // nothing more yet
            if (got == 0) {
                from.reset();
                return true;
            }
            text.append(piece.data(), static_cast<std::size_t>(got));
            if (most > 0 && text.size() > most) return false;
            if (most == 0 && text.size() > kept) text.erase(0, text.size() - kept);
        }
        return true;
    }

    const ProgramLimits& limits_;
    const std::function<void()>& tick_;
    ProgramEnd end_;
    UniqueFd control_;
    UniqueFd out_;
    UniqueFd err_;
    pid_t keeper_ = -1;
};

} // namespace

ProgramEnd run_program(std::vector<std::string> command, const ProgramLimits& limits,
                       const std::function<void()>& tick) {
    return ProgramRun(limits, tick).run(std::move(command));
}

} // namespace gil::native
