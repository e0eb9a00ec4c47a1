#include "native/process_run.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "native/frame.h"
#include "native/worker.h"

extern char** environ;

namespace gil::native {

namespace {

/// posix_spawn of this program as a worker with `socket` as its standard input; an errno value, 0: started.
int spawn_worker(const ProcessStarter& starter, int socket, pid_t& pid) {
    std::string command = "--process-worker";
    std::string port = std::to_string(starter.delay_port);
    std::string name = "gilplay";
    std::array<char*, 4> arguments{name.data(), command.data(), port.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    const int error = ::posix_spawn(&pid, starter.executable.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

class ProcessRun : public std::enable_shared_from_this<ProcessRun> {
  public:
    ProcessRun(const ProcessStarter& starter, std::function<void(Result<std::vector<ProcessOutcome>>)> then)
        : starter_(starter), then_(std::move(then)) {}

    void start(const std::vector<ProcessJob>& jobs) {
        workers_.resize(jobs.size());
        if (uses_forkserver()) {
            if (!starter_.forkserver || starter_.forkserver->gone()) {
                fail(Error{"", "the forkserver has ended", ""});
            } else {
                starter_.loop->watch(starter_.forkserver->fd(), POLLIN,
                                     [self = shared_from_this()](short) { self->take_notices(); });
            }
        }
        for (std::size_t i = 0; i < jobs.size() && !failure_; ++i) {
            workers_[i].number = jobs[i].worker + 1;
            workers_[i].unsent = make_frame(encode(jobs[i]));
            start_worker(i);
        }
        starter_.loop->call_after(0, [self = shared_from_this()] { self->finish_if_done(); });
    }

  private:
    struct Worker {
        int number = 0;
        bool started = false;
        pid_t pid = -1; ///< only of our own children
        UniqueFd socket;
        std::vector<std::uint8_t> unsent; ///< the job's frame, from `sent` on
        std::size_t sent = 0;
        FrameReader reader;
        std::optional<std::vector<std::uint8_t>> answer;
        std::optional<int> status; ///< as of waitpid, once it is reaped
    };

    [[nodiscard]] bool uses_forkserver() const { return starter_.method == StartMethod::forkserver; }
    static std::string name_of(const Worker& worker) { return "process " + std::to_string(worker.number); }

    void start_worker(std::size_t index) {
        Worker& worker = workers_[index];
        auto pair = socket_pair(SOCK_STREAM);
        if (!pair) return fail(Error{"", name_of(worker) + " could not be started: " + pair.error().what, ""});
        auto& [ours, theirs] = pair.value();
        int error = set_nonblocking(ours.get()) ? 0 : errno;
        if (error == 0) error = launch(index, theirs.get());
        if (error != 0) return fail(system_error("", name_of(worker) + " could not be started", error));
        worker.started = true;
        worker.socket = std::move(ours);
        transfer(index, POLLOUT);
    }

    /// An errno value; 0: started.
    int launch(std::size_t index, int socket) {
        Worker& worker = workers_[index];
        if (uses_forkserver()) {
            return starter_.forkserver->start_worker(static_cast<std::uint32_t>(index), socket) ? 0 : EPIPE;
        }
        if (starter_.method == StartMethod::spawn) return spawn_worker(starter_, socket, worker.pid);
        const pid_t parent = ::getpid();
        worker.pid = ::fork();
        if (worker.pid == 0) run_forked_worker(socket, parent, starter_.delay_port);
        return worker.pid > 0 ? 0 : errno;
    }

    void transfer(std::size_t index, short events) {
        Worker& worker = workers_[index];
        if ((events & POLLOUT) != 0) send_some(worker);
        if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive(worker)) return lost(index);
        const short wanted = worker.sent < worker.unsent.size() ? POLLIN | POLLOUT : POLLIN;
        starter_.loop->watch(worker.socket.get(), wanted,
                             [self = shared_from_this(), index](short ready) { self->transfer(index, ready); });
    }

    /// A worker that has gone is noticed by receive().
    static void send_some(Worker& worker) {
        while (worker.sent < worker.unsent.size()) {
            const ssize_t done = ::send(worker.socket.get(), worker.unsent.data() + worker.sent,
                                        worker.unsent.size() - worker.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0 && errno != EAGAIN && errno != EWOULDBLOCK) worker.sent = worker.unsent.size();
            if (done < 0) return;
            worker.sent += static_cast<std::size_t>(done);
        }
    }

    /// False when the worker has closed its end.
    bool receive(Worker& worker) {
        const FrameReader::Status status = worker.reader.read_from(worker.socket.get());
        if (auto frame = worker.reader.next()) worker.answer = std::move(frame);
        if (status == FrameReader::Status::garbage) fail(Error{"", name_of(worker) + " answered with garbage", ""});
        return status == FrameReader::Status::more;
    }

    /// The end of the stream: a worker closes it only by ending, so this wait is short.
    void lost(std::size_t index) {
        Worker& worker = workers_[index];
        starter_.loop->unwatch(worker.socket.get());
        worker.socket.reset();
        if (!uses_forkserver()) worker.status = wait_for_exit(worker.pid);
        judge(worker);
    }

    void take_notices() {
        const auto keep_alive = shared_from_this();
        while (const auto notice = starter_.forkserver->next_notice()) {
            if (notice->serial >= workers_.size()) continue;
            Worker& worker = workers_[notice->serial];
            if (notice->kind == Forkserver::Notice::Kind::refused) {
                close(worker);
                worker.started = false;
                fail(system_error("", name_of(worker) + " could not be started", notice->value));
            } else {
                worker.status = notice->value;
                judge(worker);
            }
        }
        if (starter_.forkserver->gone()) forkserver_gone();
        finish_if_done();
    }

    /// Its workers died with it.
    void forkserver_gone() {
        for (Worker& worker : workers_) {
            close(worker);
            worker.started = false;
        }
        fail(Error{"", "the forkserver " + describe_exit(wait_for_exit(starter_.forkserver->pid())), ""});
    }

    void close(Worker& worker) {
        if (!worker.socket.valid()) return;
        starter_.loop->unwatch(worker.socket.get());
        worker.socket.reset();
    }

    static bool ended(const Worker& worker) {
        return !worker.started || (worker.status.has_value() && !worker.socket.valid());
    }

    /// Once a worker has ended and everything it said is here.
    void judge(Worker& worker) {
        if (!ended(worker)) return;
        if (!failure_ && *worker.status != 0) {
            fail(Error{"", name_of(worker) + " " + describe_exit(*worker.status), ""});
        } else if (!failure_ && !worker.answer) {
            fail(Error{"", name_of(worker) + " ended without an answer", ""});
        }
        finish_if_done();
    }

    /// Keeps the first error and ends everyone else.
    void fail(Error error) {
        if (failure_) return;
        failure_ = std::move(error);
        if (uses_forkserver() && starter_.forkserver) starter_.forkserver->kill_workers();
        for (const Worker& worker : workers_) {
            if (worker.pid > 0 && !worker.status) ::kill(worker.pid, SIGKILL);
        }
    }

    void finish_if_done() {
        if (!then_) return;
        for (const Worker& worker : workers_) {
            if (!failure_ && !worker.started) return;
            if (!ended(worker)) return;
        }
        if (uses_forkserver() && starter_.forkserver) starter_.loop->unwatch(starter_.forkserver->fd());
        const auto then = std::exchange(then_, nullptr);
        if (failure_) return then(*failure_);
        std::vector<ProcessOutcome> outcomes;
        for (const Worker& worker : workers_) {
            auto outcome = decode_answer(*worker.answer);
            if (!outcome) return then(Error{"", name_of(worker) + ": " + outcome.error().line(), ""});
            outcomes.push_back(std::move(outcome.value()));
        }
        then(std::move(outcomes));
    }

    ProcessStarter starter_;
    std::function<void(Result<std::vector<ProcessOutcome>>)> then_;
    std::vector<Worker> workers_;
    std::optional<Error> failure_;
};

} // namespace

void start_process_run(const ProcessStarter& starter, const std::vector<ProcessJob>& jobs,
                       std::function<void(Result<std::vector<ProcessOutcome>>)> then) {
    std::make_shared<ProcessRun>(starter, std::move(then))->start(jobs);
}

} // namespace gil::native
