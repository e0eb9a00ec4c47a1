// How long one operation of a file or a database takes here: the bridge from milliseconds of waiting to a fixed number.
#pragma once

#include <span>
#include <vector>

#include "core/machine/machine.h"
#include "core/measure/host.h"
#include "core/measure/speeds.h"

namespace gil {

/// The waits of these variants that are a number of operations, each kind once.
[[nodiscard]] std::vector<WaitKind> operations_of(std::span<const Variant> variants);

[[nodiscard]] bool has_operation_speeds(const Speeds& speeds, std::span<const WaitKind> kinds);

/// Measures those of the kinds that have not been measured yet, for about 30 ms each, on the calling thread; blocks.
/// Kinds that cannot be had here are left as they are.
void add_operation_speeds(Host& host, std::span<const WaitKind> kinds, Speeds& speeds);

/// What has been calibrated of operations, for the simulator.
void tell_operation_costs(const Speeds& speeds, Machine& machine);

} // namespace gil
