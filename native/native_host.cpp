#include "native/native_host.h"

#include <sched.h>
#include <sys/utsname.h>
#include <time.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "native/http_client.h"
#include "native/process_run.h"

namespace gil::native {

namespace {

constexpr auto http_wait_index = static_cast<std::size_t>(WaitKind::http);

std::string compiler_name() {
#if defined(__clang__)
    return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
    return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

std::string system_name() {
    utsname names{};
    if (::uname(&names) != 0) return "Linux";
    const std::string processor = names.machine;
    return std::string(names.sysname) + " " + (processor == "x86_64" ? "x86-64" : processor);
}

int usable_processors() {
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return static_cast<int>(std::thread::hardware_concurrency());
}

} // namespace

Capabilities native_capabilities(int delay_port) {
    Capabilities capabilities;
    capabilities.engine = "native, " + compiler_name() + ", " + system_name();
    capabilities.hardware_concurrency = usable_processors();
    if (delay_port == 0) capabilities.no_wait[http_wait_index] = "no HTTP server could be started on loopback";
    return capabilities;
}

NativeHost::NativeHost(Options options, std::unique_ptr<Forkserver> forkserver)
    : options_(std::move(options)), capabilities_(native_capabilities(options_.delay_port)),
      forkserver_(std::move(forkserver)) {}

NativeHost::~NativeHost() = default;

std::optional<Nanoseconds> NativeHost::thread_cpu_time() const {
    timespec time{};
    if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) return std::nullopt;
    return Nanoseconds{time.tv_sec} * second + time.tv_nsec;
}

void NativeHost::sleep_for(Nanoseconds duration) {
    const Nanoseconds end = now() + duration;
    const timespec until{static_cast<time_t>(end / second), static_cast<long>(end % second)};
    // An absolute end, so that a signal does not lengthen the sleep.
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

Result<Nothing> NativeHost::http_wait(Nanoseconds duration) {
    if (options_.delay_port == 0) return Error{"", capabilities_.no_wait[http_wait_index], ""};
    return http_delay(options_.delay_port, duration);
}

void NativeHost::call_after(Nanoseconds delay, std::function<void()> then) {
    loop_.call_after(delay, std::move(then));
}

void NativeHost::http_wait_async(Nanoseconds duration, std::function<void(Result<Nothing>)> then) {
    if (options_.delay_port == 0) {
        loop_.call_after(0, [then = std::move(then), error = Error{"", capabilities_.no_wait[http_wait_index], ""}] {
            then(error);
        });
        return;
    }
    http_delay_async(loop_, options_.delay_port, duration, std::move(then));
}

void NativeHost::prepare_threads(int, std::function<void(Result<Nothing>)> then) {
    loop_.call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

void NativeHost::prepare_processes(StartMethod method, int, std::function<void(Result<Nothing>)> then) {
    Result<Nothing> ready = Nothing{};
    if (method == StartMethod::forkserver) ready = ensure_forkserver();
    loop_.call_after(0, [then = std::move(then), ready] { then(ready); });
}

void NativeHost::run_processes(StartMethod method, std::vector<ProcessJob> jobs,
                               std::function<void(Result<std::vector<ProcessOutcome>>)> then) {
    if (method == StartMethod::forkserver) {
        if (const auto ready = ensure_forkserver(); !ready) {
            loop_.call_after(0, [then = std::move(then), error = ready.error()] { then(error); });
            return;
        }
    }
    start_process_run({&loop_, forkserver_.get(), method, options_.executable, options_.delay_port}, jobs,
                      std::move(then));
}

Result<Nothing> NativeHost::ensure_forkserver() {
    // Between runs nothing is left to be told: a notice now can only be the end of the line.
    while (forkserver_ && forkserver_->next_notice()) {
    }
    if (forkserver_ && !forkserver_->gone()) return Nothing{};
    forkserver_.reset();
    auto started = Forkserver::start(options_.delay_port);
    if (!started) return started.error();
    forkserver_ = std::move(started.value());
    return Nothing{};
}

} // namespace gil::native
