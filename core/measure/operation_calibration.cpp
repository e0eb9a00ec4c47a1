#include "core/measure/operation_calibration.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace gil {

namespace {

double& time_of(Speeds& speeds, WaitKind kind) {
    return speeds.operation_ns[static_cast<std::size_t>(kind)];
}

/// The median of several single operations, after one that pays for what is only done once.
void measure_operation(Host& host, WaitKind kind, Speeds& speeds) {
    constexpr Nanoseconds enough = 30 * millisecond;
    constexpr std::size_t most = 101;
    const Wait one{kind, 1};
    if (!host.wait_for(one, 1)) return;
    std::vector<Nanoseconds> times;
    const auto cpu_before = host.thread_cpu_time();
    const Nanoseconds begin = host.now();
    while (host.now() - begin < enough && times.size() < most) {
        const Nanoseconds start = host.now();
        if (!host.wait_for(one, 1)) return;
        times.push_back(std::max<Nanoseconds>(1, host.now() - start));
    }
    const auto cpu_after = host.thread_cpu_time();
    const auto wall = static_cast<double>(host.now() - begin);
    std::sort(times.begin(), times.end());
    time_of(speeds, kind) = static_cast<double>(times[times.size() / 2]);
    if (!cpu_before || !cpu_after) return;
    const double share = static_cast<double>(*cpu_after - *cpu_before) / wall;
    speeds.operation_cpu[static_cast<std::size_t>(kind)] = std::clamp(share, 0.0, 1.0);
}

} // namespace

std::vector<WaitKind> operations_of(std::span<const Variant> variants) {
    std::array<bool, wait_kind_count> used{};
    for (const Variant& variant : variants) {
        for (const Task& task : variant.scenario.tasks) {
            for (const Step& step : task.steps) {
                const auto* wait = std::get_if<Wait>(&step);
                if (wait != nullptr && is_operation(wait->kind)) used[static_cast<std::size_t>(wait->kind)] = true;
            }
        }
    }
    std::vector<WaitKind> kinds;
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (used[i]) kinds.push_back(static_cast<WaitKind>(i));
    }
    return kinds;
}

bool has_operation_speeds(const Speeds& speeds, std::span<const WaitKind> kinds) {
    return std::all_of(kinds.begin(), kinds.end(),
                       [&](WaitKind kind) { return speeds.operation_ns[static_cast<std::size_t>(kind)] > 0; });
}

void add_operation_speeds(Host& host, std::span<const WaitKind> kinds, Speeds& speeds) {
    for (const WaitKind kind : kinds) {
        const bool here = host.capabilities().no_wait[static_cast<std::size_t>(kind)].empty();
        if (here && time_of(speeds, kind) <= 0) measure_operation(host, kind, speeds);
    }
}

void tell_operation_costs(const Speeds& speeds, Machine& machine) {
    const auto tell = [&](WaitKind kind, std::int64_t& ppm, CostGroup group) {
        const auto index = static_cast<std::size_t>(kind);
        if (speeds.operation_ns[index] <= 0) return;
        ppm = std::llround(1e6 * speeds.operation_cpu[index]);
        machine.typical.remove(group);
    };
    tell(WaitKind::file, machine.file_cpu_ppm, CostGroup::files);
    tell(WaitKind::database, machine.database_cpu_ppm, CostGroup::databases);
}

} // namespace gil
