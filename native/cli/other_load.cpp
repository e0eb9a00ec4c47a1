#include "native/cli/other_load.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>

#include "core/base/text.h"
#include "native/base/event_loop.h"

namespace gil::native {

namespace {

Nanoseconds cpu_time(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    const auto of = [](const timeval& time) { return time.tv_sec * second + time.tv_usec * microsecond; };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

Nanoseconds own_cpu_time() {
    return cpu_time(RUSAGE_SELF) + cpu_time(RUSAGE_CHILDREN);
}

std::optional<std::int64_t> busy_now() {
    std::ifstream file("/proc/stat");
    std::string line;
    std::getline(file, line);
    return busy_ticks(line);
}

} // namespace

std::optional<std::int64_t> busy_ticks(std::string_view text) {
    // cpu USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL ...; what guests had is part of USER already.
    constexpr std::size_t idle = 3;
    constexpr std::size_t iowait = 4;
    constexpr std::size_t fields = 8;
    std::istringstream line{std::string(text.substr(0, text.find('\n')))};
    std::string name;
    if (!(line >> name) || name != "cpu") return std::nullopt;
    std::int64_t busy = 0;
    for (std::size_t field = 0; field < fields; ++field) {
        std::int64_t ticks = 0;
        if (!(line >> ticks) || ticks < 0) return std::nullopt;
        if (field != idle && field != iowait) busy += ticks;
    }
    return busy;
}

OtherLoad::OtherLoad() : busy_(busy_now()), own_(own_cpu_time()), begin_(monotonic_now()) {}

std::optional<double> OtherLoad::processors() const {
    const std::optional<std::int64_t> busy = busy_now();
    const Nanoseconds passed = monotonic_now() - begin_;
    const long ticks = ::sysconf(_SC_CLK_TCK);
    if (!busy_ || !busy || passed <= 0 || ticks <= 0) return std::nullopt;
    const double all = static_cast<double>(*busy - *busy_) * static_cast<double>(second) / static_cast<double>(ticks);
    const auto own = static_cast<double>(own_cpu_time() - own_);
    return std::max(0.0, (all - own) / static_cast<double>(passed));
}

std::string OtherLoad::words(int wanted) const {
    constexpr double noticeable = 0.15; // of a processor; a quiet desktop has less to do
    const int online = online_processors();
    const std::optional<double> others = processors();
    if (!others || online - *others >= wanted - noticeable) return {};
    return "other programs had " + fixed_number(*others, 1) + " of " + counted(online, "processor");
}

int online_processors() {
    return static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace gil::native
