#include "core/measure/block_calibration.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "core/measure/payload.h"
#include "core/measure/pool_worker.h"

namespace gil {

namespace {

struct BlockCosts {
    Nanoseconds made = 0;
    Nanoseconds fresh_per_mib = 0;
    Nanoseconds map_per_mib = 0;
};

/// Of a block so large that it does not stay in a core's cache. Nothing when there is no memory for it.
std::optional<BlockCosts> block_costs(Host& host) {
    constexpr std::int64_t half = 2; // MiB
    constexpr std::size_t bytes = half << 20;
    const Bytes data = make_payload(bytes);
    const auto time_of = [&host](const auto& call) {
        const Nanoseconds begin = host.now();
        call();
        return host.now() - begin;
    };
    BlockCosts costs;
    std::shared_ptr<SharedBlock> block;
    costs.made = time_of([&] {
        if (auto created = host.create_shared_block(2 * bytes)) block = std::move(created.value());
    });
    if (!block) return std::nullopt;
    const auto write = [&](SharedBlock& to, std::size_t part) {
        return time_of([&] { to.write(part * bytes, data); });
    };
    const auto read = [&](SharedBlock& from) { return time_of([&] { (void)block_holds_payload(from, 0, bytes, 0); }); };
    const Nanoseconds fresh = write(*block, 0) + write(*block, 1);
    const Nanoseconds again = write(*block, 0) + write(*block, 1);
    costs.fresh_per_mib = std::max<Nanoseconds>(0, fresh - again) / (2 * half);
    // Who reads what is there already has it cheaper than who writes: the mean of both.
    if (const auto other = block->map_again()) {
        const Nanoseconds first = read(*other) + write(*other, 1);
        const Nanoseconds second_time = read(*other) + write(*other, 1);
        costs.map_per_mib = std::max<Nanoseconds>(0, first - second_time) / (2 * half);
    }
    return costs;
}

} // namespace

void measure_shared_memory(Host& host, Machine& machine) {
    if (!host.capabilities().no_shared_blocks.empty()) return;
    std::vector<BlockCosts> costs;
    for (int i = 0; i < 5; ++i) {
        const auto measured = block_costs(host);
        if (!measured) return machine.typical.add(CostGroup::shared_blocks);
        costs.push_back(*measured);
    }
    // Not the shortest: where pages come from differs, and whoever shares memory does not always get the best of it.
    const auto median = [&costs](Nanoseconds BlockCosts::*cost) {
        std::ranges::sort(costs, {}, cost);
        return costs[costs.size() / 2].*cost;
    };
    machine.shared_block = median(&BlockCosts::made);
    machine.shared_fresh_per_mib = median(&BlockCosts::fresh_per_mib);
    machine.shared_map_per_mib = median(&BlockCosts::map_per_mib);
}

} // namespace gil
