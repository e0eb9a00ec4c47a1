#include "core/measure/kernel_calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gil {

namespace {

/// CPU time where the platform tells it, so that another program on this core does not count.
Nanoseconds busy_time(const Host& host) {
    return host.thread_cpu_time().value_or(host.now());
}

/// One window of at least `length` in short calls; returns ns per turn.
double measure_window(const Host& host, Kernel kernel, std::uint32_t turns_per_check, Nanoseconds length) {
    const std::atomic<std::uint32_t> breaker{0};
    KernelState state;
    const Nanoseconds begin = busy_time(host);
    Nanoseconds now = begin;
    while (now - begin < length) {
        for (int call = 0; call < 8; ++call) {
            run_kernel(kernel, state, state.turn + turns_per_call, turns_per_check, breaker);
        }
        now = busy_time(host);
    }
    return static_cast<double>(now - begin) / static_cast<double>(state.turn);
}

/// Whole groups where it is so many: a kernel with groups would look that often anyway.
std::uint32_t check_stride(double ns_per_turn) {
    constexpr double work_between_checks_ns = 50;
    const auto turns =
        static_cast<std::uint32_t>(std::clamp(std::round(work_between_checks_ns / ns_per_turn), 1.0, 4096.0));
    return turns < turns_per_group ? turns : turns / turns_per_group * turns_per_group;
}

/// The lower third of `count` windows: what an undisturbed core does, without trusting a single lucky one.
double undisturbed(const Host& host, Kernel kernel, std::uint32_t turns_per_check, int count) {
    std::vector<double> windows;
    for (int n = 0; n < count; ++n) {
        windows.push_back(measure_window(host, kernel, turns_per_check, 4 * millisecond));
    }
    std::sort(windows.begin(), windows.end());
    return std::max(windows[windows.size() / 3], 1e-3);
}

KernelSpeed measure_speed(const Host& host, Kernel kernel) {
    KernelSpeed speed;
    warm_up_kernel(host, kernel);
    speed.turns_per_check = check_stride(undisturbed(host, kernel, 64, 5));
    speed.ns_per_turn = undisturbed(host, kernel, speed.turns_per_check, 15);
    speed.measured = true;
    return speed;
}

/// A core that does better than it was measured was disturbed then.
bool is_outdated(const Host& host, Kernel kernel, const KernelSpeed& speed) {
    return undisturbed(host, kernel, speed.turns_per_check, 4) < 0.9 * speed.ns_per_turn;
}

} // namespace

void warm_up_kernel(const Host& host, Kernel kernel) {
    constexpr Nanoseconds window = 2 * millisecond;
    constexpr Nanoseconds limit = 400 * millisecond;
    const Nanoseconds begin = host.now();
    double best = measure_window(host, kernel, 64, window);
    int steady = 0;
    while (steady < 6 && host.now() - begin < limit) {
        const double time = measure_window(host, kernel, 64, window);
        steady = time > best * 0.9 ? steady + 1 : 0; // a new tier shows as a jump; a small gain is noise
        best = std::min(best, time);
    }
}

std::vector<Kernel> kernels_of(std::span<const Variant> variants) {
    std::array<bool, kernel_count> used{};
    const auto note = [&used](Kernel kernel) { used[static_cast<std::size_t>(kernel)] = true; };
    for (const Variant& variant : variants) {
        for (const Task& task : variant.scenario.tasks) {
            for (const Step& step : task.steps) {
                if (const auto* compute = std::get_if<Compute>(&step)) note(compute->kernel);
                if (const auto* native = std::get_if<NativeCall>(&step)) note(native->kernel);
            }
        }
    }
    std::vector<Kernel> kernels;
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (used[i]) kernels.push_back(static_cast<Kernel>(i));
    }
    return kernels;
}

bool has_speeds(const KernelSpeeds& speeds, std::span<const Kernel> kernels) {
    return std::ranges::all_of(kernels,
                               [&speeds](Kernel kernel) { return speeds[static_cast<std::size_t>(kernel)].measured; });
}

void add_kernel_speeds(const Host& host, std::span<const Kernel> kernels, KernelSpeeds& speeds) {
    for (const Kernel kernel : kernels) {
        KernelSpeed& speed = speeds[static_cast<std::size_t>(kernel)];
        if (!speed.measured || is_outdated(host, kernel, speed)) speed = measure_speed(host, kernel);
    }
}

KernelSpeeds measure_kernel_speeds(const Host& host, std::span<const Kernel> kernels) {
    KernelSpeeds speeds;
    add_kernel_speeds(host, kernels, speeds);
    return speeds;
}

} // namespace gil
