#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

#include "native/cli/other_load.h"
#include "tests/native/support.h"

using namespace gil::native;
using namespace gil::native::test;

namespace {

/// A child that only computes, killed and waited for at the end.
class BusyChild {
  public:
    BusyChild() : pid_(::fork()) {
        while (pid_ == 0) {
        }
    }
    ~BusyChild() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    BusyChild(const BusyChild&) = delete;
    BusyChild& operator=(const BusyChild&) = delete;

    /// CPU time it has had, from the clock that POSIX gives every process.
    [[nodiscard]] gil::Nanoseconds cpu_time() const {
        clockid_t clock{};
        timespec time{};
        if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
        return time.tv_sec * gil::second + time.tv_nsec;
    }

  private:
    const pid_t pid_;
};

} // namespace

TEST_CASE("other load: the first line of /proc/stat is read, whatever else it may be", "[native]") {
    CHECK(busy_ticks("cpu  100 20 3 9999 9999 4 5 6 50 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n") == 138);
    CHECK(busy_ticks("cpu  1 1 1 1 1 1 1 1") == 6);
    CHECK_FALSE(busy_ticks(""));
    CHECK_FALSE(busy_ticks("cpu 1 2 3"));
    CHECK_FALSE(busy_ticks("cpu0 1 1 1 1 1 1 1 1 1 1"));
    CHECK_FALSE(busy_ticks("cpu 1 1 x 1 1 1 1 1 1 1"));
    CHECK_FALSE(busy_ticks("cpu 1 1 -1 1 1 1 1 1 1 1"));
}

TEST_CASE("other load: a program that computes beside this one is seen, until it is known as a child", "[native]") {
    const TimeLimit limit(60);
    {
        const OtherLoad load;
        if (!load.processors()) SKIP("/proc/stat tells nothing here");
    }
    const OtherLoad load;
    double beside = 0;
    {
        const BusyChild child;
        const gil::Nanoseconds begin = child.cpu_time();
        REQUIRE(eventually([&] { return child.cpu_time() - begin > 300 * gil::millisecond; }, 30 * gil::second));
        beside = *load.processors();
    }
    CHECK(beside > 0.05); // a core, or what of it was free
    CHECK(beside <= online_processors() + 0.5);
    CHECK(*load.processors() < beside);
}
