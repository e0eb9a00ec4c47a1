#include "native/engine/native_host.h"

#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "core/measure/speeds.h"
#include "native/base/start_thread.h"
#include "native/engine/child_process.h"
#include "native/engine/operations.h"
#include "native/engine/shared_memory.h"
#include "native/http/loopback_client.h"

namespace gil::native {

namespace {

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
    if (delay_port == 0) {
        for (const WaitKind kind : {WaitKind::http, WaitKind::socket}) {
            capabilities.no_wait[static_cast<std::size_t>(kind)] = "no server could be started on loopback";
        }
    }
    return capabilities;
}

NativeHost::NativeHost(Options options, std::shared_ptr<Forkserver> forkserver)
    : options_(std::move(options)), capabilities_(native_capabilities(options_.delay_port)),
      helpers_(loop_, capabilities_.hardware_concurrency), forkserver_(std::move(forkserver)) {
    if (forkserver_) forkserver_->attach(loop_);
}

/// What is still under way uses the loop, and holds the forkserver.
NativeHost::~NativeHost() {
    if (forkserver_) forkserver_->end();
    loop_.clear();
}

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

Result<Nothing> NativeHost::wait_for(const Wait& wait, std::uint64_t operations) {
    const std::string& reason = capabilities_.no_wait[static_cast<std::size_t>(wait.kind)];
    if (!reason.empty()) return Error{"", reason, ""};
    if (is_operation(wait.kind)) return do_operations(wait.kind, operations);
    if (wait.kind != WaitKind::sleep) return loopback_wait(wait.kind, options_.delay_port, wait.duration);
    sleep_for(wait.duration);
    return Nothing{};
}

void NativeHost::call_after(Nanoseconds delay, std::function<void()> then) {
    loop_.call_after(delay, std::move(then));
}

void NativeHost::wait_async(const Wait& wait, std::uint64_t operations, std::function<void(Result<Nothing>)> then) {
    const std::string& reason = capabilities_.no_wait[static_cast<std::size_t>(wait.kind)];
    if (!reason.empty()) {
        loop_.call_after(0, [then = std::move(then), error = Error{"", reason, ""}] { then(error); });
    } else if (is_operation(wait.kind)) {
        helpers_.call([kind = wait.kind, operations] { return do_operations(kind, operations); }, std::move(then));
    } else if (wait.kind == WaitKind::sleep) {
        loop_.call_after(wait.duration, [then = std::move(then)] { then(Nothing{}); });
    } else {
        loopback_wait_async(loop_, wait.kind, options_.delay_port, wait.duration, std::move(then));
    }
}

void NativeHost::prepare_threads(int, std::function<void(Result<Nothing>)> then) {
    loop_.call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

void NativeHost::prepare_processes(StartMethod method, int, int, std::function<void(Result<Nothing>)> then) {
    Result<Nothing> ready = Nothing{};
    if (method == StartMethod::forkserver) ready = ensure_forkserver();
    loop_.call_after(0, [then = std::move(then), ready] { then(ready); });
}

std::unique_ptr<ChildProcess> NativeHost::start_process(const ChildOptions& options, ChildListener listener) {
    // What is refused here is told by the child's end.
    if (options.method == StartMethod::forkserver) (void)ensure_forkserver().ok();
    ChildOptions bounded = options;
    bounded.patience = std::min(options.patience, options_.limits.longest);
    return start_child_process({&loop_, forkserver_, options_.executable, options_.delay_port}, bounded,
                               std::move(listener));
}

Result<std::shared_ptr<SharedBlock>> NativeHost::create_shared_block(std::size_t bytes) {
    auto memory = SharedMemory::create(bytes);
    if (!memory) return memory.error();
    return std::shared_ptr<SharedBlock>(std::move(memory.value()));
}

std::shared_ptr<SharedBlock> NativeHost::shared_block(std::size_t index) {
    return index < blocks_.size() ? blocks_[index] : nullptr;
}

void NativeHost::write_astray() {
    // What a sanitizer or a handler makes of it is not the point: the process gets the signal that it deserves.
    ::signal(SIGSEGV, SIG_DFL);
    static std::uintptr_t address = 8; // not a constant: compilers refuse to write there on purpose
    auto* const nowhere = reinterpret_cast<volatile int*>(*static_cast<volatile std::uintptr_t*>(&address));
    *nowhere = 42;
    ::raise(SIGSEGV);
    ::_exit(1);
}

Result<Nothing> NativeHost::ensure_forkserver() {
    if (forkserver_ && !forkserver_->gone()) return Nothing{};
    forkserver_.reset();
    auto started = Forkserver::start(options_.delay_port, forkserver_patience(options_.limits));
    if (!started) return started.error();
    forkserver_ = std::move(started.value());
    forkserver_->attach(loop_);
    return Nothing{};
}

} // namespace gil::native
