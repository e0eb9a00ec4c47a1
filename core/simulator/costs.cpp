#include "core/simulator/costs.h"

#include <algorithm>

namespace gil::sim {

namespace {

constexpr std::int64_t mib = 1 << 20;

/// Data and its copies no longer fit into a core's cache from about one to four MiB on.
Nanoseconds transfer(const Machine& machine, std::int64_t bytes) {
    const std::int64_t beyond = std::clamp<std::int64_t>(bytes - mib, 0, 3 * mib) / 1024;
    const Nanoseconds extra = (machine.transfer_large_per_mib - machine.transfer_per_mib) * beyond / (3 * mib / 1024);
    return for_bytes(machine.copy_per_mib + machine.transfer_per_mib + extra, bytes);
}

} // namespace

Nanoseconds for_bytes(Nanoseconds per_mib, std::int64_t bytes) {
    return bytes / mib * per_mib + bytes % mib * per_mib / mib;
}

Nanoseconds interpreted(const Scenario& scenario, const Machine& machine, Nanoseconds work) {
    return scenario.model == ExecutionModel::free_threaded ? enlarge(work, machine.free_threaded_tax_ppm) : work;
}

Nanoseconds pack(const Scenario& scenario, const Machine& machine, std::int64_t bytes) {
    if (bytes <= 0) return 0;
    if (scenario.transport == Transport::shared_memory) return for_bytes(machine.shared_copy_per_mib, bytes);
    return transfer(machine, bytes);
}

Nanoseconds unpack(const Scenario& scenario, const Machine& machine, std::int64_t bytes) {
    return pack(scenario, machine, bytes);
}

Nanoseconds Memory::need(const Machine& machine, std::int64_t bytes) {
    if (bytes <= touched_) return 0;
    const Nanoseconds cost = for_bytes(machine.fresh_per_mib, bytes - touched_);
    touched_ = bytes;
    return cost;
}

Nanoseconds map_block(const Scenario& scenario, const Machine& machine) {
    return scenario.transport == Transport::shared_memory ? machine.shared_block : 0;
}

Nanoseconds hand_over(const Machine& machine, std::int64_t bytes) {
    return 2 * for_bytes(machine.copy_per_mib, bytes);
}

Blocking blocking(const Machine& machine, const Wait& wait) {
    switch (wait.kind) {
    case WaitKind::sleep:
        return {0, wait.duration, machine.timer_slack};
    case WaitKind::http:
    case WaitKind::socket:
        // The other end wakes up, waits by a timer of its own, and answers; then this end wakes up.
        return {0, wait.duration, 2 * machine.wake_latency + (wait.duration > 0 ? machine.timer_slack : 0)};
    case WaitKind::file:
    case WaitKind::database:
        break;
    }
    const std::int64_t ppm = wait.kind == WaitKind::file ? machine.file_cpu_ppm : machine.database_cpu_ppm;
    const Nanoseconds cpu = share_of(wait.duration, ppm);
    return {cpu, wait.duration - cpu, 0};
}

} // namespace gil::sim
