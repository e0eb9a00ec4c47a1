// Signals at random moments to random processes of a run. Whatever they hit: gilplay ends in time and in words, and
// nothing is left, no process, no zombie, no file.
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "native/base/posix.h"
#include "tests/native/support.h"

extern char** environ;

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

/// What the limits of a minute are in these runs, and how long a run may last at most.
constexpr const char* in_short_limits = "GILPLAY_LIMIT_MS=1500";
constexpr Nanoseconds at_most = 30 * second;

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One run with a folder of its own for temporary files, which is also how its processes are known.
class Attack {
  public:
    explicit Attack(unsigned seed) : random_(seed), what_("seed " + std::to_string(seed)) {}

    /// Counts its kills. Empty when all was well; otherwise what was not.
    std::string run(std::atomic<unsigned>& kills) {
        if (::mkdtemp(folder_.data()) == nullptr || ::mkdtemp(output_.data()) == nullptr) return "no folder";
        mark_ = "TMPDIR=" + folder_;
        if (!start()) return what_ + ": gilplay did not start";
        // As long as it lives: most of what hits a worker costs a run no more than a variant.
        for (int i = 0; i < 4 && !has_ended(); ++i) {
            if (strike(i == 0 ? 2'500 : 800)) ++kills;
        }
        std::string fault = finish();
        if (fault.empty()) fault = leavings();
        if (!fault.empty()) fault = what_ + ": " + fault + "; it said: " + contents_of(output_ + "/err");
        std::filesystem::remove_all(folder_);
        std::filesystem::remove_all(output_);
        return fault;
    }

  private:
    int one_of(int count) { return std::uniform_int_distribution(0, count - 1)(random_); }

    bool start() {
        static constexpr std::array<std::array<const char*, 3>, 4> runs{{
            {"cpu-bound", "threads,processes", "work_ms=60"},
            {"process-pool", "sequential,process_pool", "work_ms=30"},
            {"io-bound", "asyncio,processes", "io=file"},
            {"shared-data", "", "workers=3"},
        }};
        const auto& chosen = runs[static_cast<std::size_t>(one_of(4))];
        const std::array<const char*, 3> methods{"fork", "forkserver", "spawn"};
        const std::string method = methods[static_cast<std::size_t>(one_of(3))];
        what_ += std::string(", ") + chosen[0] + " " + method;
        std::vector<std::string> words{"gilplay", "run",   chosen[0], "--repeats",
                                       "1",       "--set", chosen[2], "--set=start_method=" + method};
        if (*chosen[1] != 0) words.insert(words.end(), {"--variants", chosen[1]});
        std::vector<std::string> settings{mark_, in_short_limits};
        for (char** each = environ; *each != nullptr; ++each) {
            if (!std::string_view(*each).starts_with("TMPDIR=")) settings.emplace_back(*each);
        }
        const auto pointers = [](std::vector<std::string>& texts) {
            std::vector<char*> list;
            for (std::string& text : texts) list.push_back(text.data());
            list.push_back(nullptr);
            return list;
        };
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions, 1, (output_ + "/out").c_str(), O_WRONLY | O_CREAT, 0600);
        ::posix_spawn_file_actions_addopen(&actions, 2, (output_ + "/err").c_str(), O_WRONLY | O_CREAT, 0600);
        const int error =
            ::posix_spawn(&pid_, gilplay.c_str(), &actions, nullptr, pointers(words).data(), pointers(settings).data());
        ::posix_spawn_file_actions_destroy(&actions);
        return error == 0;
    }

    /// All processes of this run, by their name; also those that have lost their parents.
    std::map<std::string, std::vector<pid_t>> family() {
        std::map<std::string, std::vector<pid_t>> found;
        for (const ProcessInfo& info : processes_where([](const ProcessInfo&) { return true; })) {
            const std::string place = "/proc/" + std::to_string(info.pid);
            if (info.state == 'Z' || contents_of(place + "/environ").find(mark_ + '\0') == std::string::npos) continue;
            std::string name = contents_of(place + "/comm");
            if (!name.empty()) name.pop_back();
            found[name].push_back(info.pid);
            seen_.insert(info.pid);
        }
        return found;
    }

    bool has_ended() {
        ended_ = ended_ || ::waitpid(pid_, &status_, WNOHANG) == pid_;
        return ended_;
    }

    /// After at most `most_ms`. False when it had ended by then.
    bool strike(int most_ms) {
        ::poll(nullptr, 0, one_of(most_ms));
        const auto family_now = family();
        if (has_ended() || family_now.empty()) return false;
        const auto& [name, pids] = *std::next(family_now.begin(), one_of(static_cast<int>(family_now.size())));
        const pid_t target = pids[static_cast<std::size_t>(one_of(static_cast<int>(pids.size())))];
        const int signal = std::array{SIGKILL, SIGSTOP, SIGTERM, SIGHUP}[static_cast<std::size_t>(one_of(4))];
        what_ += ", " + std::string(::sigabbrev_np(signal)) + " to " + name;
        ::kill(target, signal);
        if (target != pid_) return true;
        own_.insert(signal);
        if (signal != SIGSTOP) return true;
        // Who stops gilplay itself lets it go on himself.
        ::poll(nullptr, 0, 300);
        ::kill(pid_, SIGCONT);
        return true;
    }

    std::string finish() {
        const bool ended = eventually(
            [this] {
                (void)family();
                return has_ended();
            },
            at_most);
        if (!ended) {
            for (const auto& [name, pids] : family()) {
                for (const pid_t pid : pids) ::kill(pid, SIGKILL);
            }
            ::kill(pid_, SIGKILL);
            (void)wait_for_exit(pid_);
            return "gilplay did not end";
        }
        if (WIFSIGNALED(status_)) {
            return own_.contains(WTERMSIG(status_)) ? "" : "gilplay " + describe_exit(status_);
        }
        const int code = WEXITSTATUS(status_);
        const bool in_words = contents_of(output_ + "/err").find("gilplay: ") != std::string::npos;
        if (own_.contains(code - 128) && in_words) return "";
        if (code == 0 || (code == 1 && in_words)) return "";
        return "gilplay " + describe_exit(status_);
    }

    std::string leavings() {
        if (!eventually([this] { return family().empty(); }, 5 * second)) {
            std::string left;
            for (const auto& [name, pids] : family()) left += " " + name;
            return "processes are left:" + left;
        }
        // Who ends by himself reaps all of his.
        for (const pid_t pid : seen_) {
            const bool ours = pid != pid_ && ::waitpid(pid, nullptr, WNOHANG) == pid;
            if (ours && !WIFSIGNALED(status_)) return "process " + std::to_string(pid) + " was left unreaped";
        }
        return std::filesystem::is_empty(folder_) ? "" : "a file is left in its TMPDIR";
    }

    std::minstd_rand random_;
    std::string what_;
    std::string folder_ = "/tmp/gilplay-kill-XXXXXX";
    std::string output_ = "/tmp/gilplay-said-XXXXXX";
    std::string mark_;
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = 0;
    std::set<int> own_; ///< signals to gilplay itself
    std::set<pid_t> seen_;
};

/// Some at a time: most of them wait most of the time.
void check_kills(unsigned count, unsigned first_seed) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::mutex mutex; // protects faults
    std::vector<std::string> faults;
    std::atomic<unsigned> next = first_seed;
    std::atomic<unsigned> kills = 0;
    const auto lane = [&] {
        while (kills < count) {
            const std::string fault = Attack(next++).run(kills);
            const std::scoped_lock lock(mutex);
            if (!fault.empty()) faults.push_back(fault);
        }
    };
    {
        std::array<std::jthread, 4> lanes;
        for (auto& each : lanes) each = std::jthread(lane);
    }
    for (const std::string& fault : faults) UNSCOPED_INFO(fault);
    CHECK(faults.empty());
    CHECK(kills >= count);
}

} // namespace

TEST_CASE("kills: a dozen signals at random moments leave nothing and hang nothing", "[native]") {
    const TimeLimit limit(300);
    check_kills(12, 1);
}

TEST_CASE("kills: two hundred signals at random moments leave nothing and hang nothing", "[native][long][attack]") {
    const TimeLimit limit(900);
    check_kills(200, 1'000);
}
