#include "tests/native/support.h"

#include <catch2/catch_test_macros.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "native/base/posix.h"
#include "native/python/python_runner.h"

extern char** environ;

namespace gil::native::test {

TimeLimit::TimeLimit(unsigned seconds) {
    ::alarm(seconds);
}

TimeLimit::~TimeLimit() {
    ::alarm(0);
}

std::vector<ProcessInfo> processes_where(const std::function<bool(const ProcessInfo&)>& wanted) {
    std::vector<ProcessInfo> found;
    DIR* folder = ::opendir("/proc");
    while (const dirent* entry = folder ? ::readdir(folder) : nullptr) {
        const pid_t pid = std::atoi(entry->d_name);
        if (pid <= 0) continue;
        std::ifstream file("/proc/" + std::string(entry->d_name) + "/stat");
        std::string line;
        std::getline(file, line);
        const std::size_t end_of_name = line.rfind(')');
        ProcessInfo info;
        info.pid = pid;
        if (end_of_name == std::string::npos ||
            std::sscanf(line.c_str() + end_of_name + 1, " %c %d %d", &info.state, &info.parent, &info.group) != 3) {
            continue;
        }
        if (wanted(info)) found.push_back(info);
    }
    if (folder) ::closedir(folder);
    return found;
}

std::vector<ProcessInfo> children_of(pid_t parent) {
    return processes_where([parent](const ProcessInfo& info) { return info.parent == parent; });
}

std::vector<ProcessInfo> members_of(pid_t group) {
    return processes_where([group](const ProcessInfo& info) { return info.group == group; });
}

bool eventually(const std::function<bool()>& done, Nanoseconds patience) {
    const Nanoseconds deadline = monotonic_now() + patience;
    while (!done()) {
        if (monotonic_now() > deadline) return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

bool run_until(EventLoop& loop, const std::function<bool()>& done, Nanoseconds patience) {
    const Nanoseconds deadline = monotonic_now() + patience;
    while (!done()) {
        if (monotonic_now() > deadline) return false;
        loop.step(10 * millisecond);
    }
    return true;
}

namespace {

std::string contents(int fd) {
    std::string text;
    std::array<char, 65'536> piece;
    ::lseek(fd, 0, SEEK_SET);
    for (ssize_t got = 0; (got = ::read(fd, piece.data(), piece.size())) > 0;) {
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

UniqueFd scratch_file() {
    std::string path = "/tmp/gilplay-test-XXXXXX";
    UniqueFd fd(::mkostemp(path.data(), O_CLOEXEC));
    ::unlink(path.c_str());
    return fd;
}

} // namespace

Finished run_program(const std::string& path, const std::vector<std::string>& arguments, const std::string& input) {
    const UniqueFd in = scratch_file();
    const UniqueFd out = scratch_file();
    const UniqueFd err = scratch_file();
    (void)!::write(in.get(), input.data(), input.size());
    ::lseek(in.get(), 0, SEEK_SET);

    std::vector<std::string> words{path.substr(path.rfind('/') + 1)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.get(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.get(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, err.get(), 2);
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, path.c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    Finished finished;
    if (error != 0) return finished;
    const int status = wait_for_exit(pid);
    finished.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    finished.out = contents(out.get());
    finished.err = contents(err.get());
    return finished;
}

std::optional<PythonInterpreter> some_python() {
    for (const std::string& path : pythons_on_path()) {
        if (auto python = ask_python(path, {30 * second, -1, {}})) return python.value().interpreter;
    }
    return std::nullopt;
}

Finished run_gilplay(const std::vector<std::string>& arguments, const std::string& input) {
    return run_program(gilplay, arguments, input);
}

pid_t start_gilplay(std::vector<std::string> arguments, int ignored) {
    arguments.insert(arguments.begin(), gilplay);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    // Until it is gilplay, the child is this program, with its memory and its handlers of signals.
    int began[2];
    REQUIRE(::pipe2(began, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child > 0) {
        ::close(began[1]);
        char nothing = 0;
        while (::read(began[0], &nothing, 1) < 0 && errno == EINTR) continue;
        ::close(began[0]);
        return child;
    }
    if (ignored != 0) ::signal(ignored, SIG_IGN);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    ::execv(gilplay.c_str(), words.data());
    ::_exit(99);
}

std::string repository_text(const std::string& path) {
    std::ifstream file(GIL_SOURCE_DIR "/" + path);
    INFO(path);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

Json repository_json(const std::string& path) {
    auto json = parse_json(repository_text(path), path);
    INFO((json ? "" : json.error().line()));
    REQUIRE(json);
    return std::move(json.value());
}

Scenario make_processes(StartMethod method, int workers, int tasks, double work_ms, double sleep_ms) {
    Scenario scenario;
    scenario.model = ExecutionModel::processes;
    scenario.start_method = method;
    scenario.workers = workers;
    for (int i = 0; i < workers * tasks; ++i) {
        Task task;
        task.name = "task " + std::to_string(i);
        std::vector<Step> steps;
        if (work_ms > 0) steps.push_back(Compute{Kernel::sum_of_squares, from_ms(work_ms)});
        if (sleep_ms > 0) steps.push_back(Wait{WaitKind::sleep, from_ms(sleep_ms)});
        task.steps = std::move(steps);
        scenario.tasks.push_back(std::move(task));
    }
    return scenario;
}

} // namespace gil::native::test
