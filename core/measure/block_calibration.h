// What making, reaching and first touching a block of shared memory costs here.
#pragma once

#include "core/machine/machine.h"
#include "core/measure/host.h"

namespace gil {

/// Makes a block of 4 MiB some times, writes to it, and maps it again: in the median, what making and reaching one
/// costs (shared_block, shared_fresh_per_mib, shared_map_per_mib of `machine`). Blocks some ten milliseconds. Without
/// memory for it these costs are typical.
void measure_shared_memory(Host& host, Machine& machine);

} // namespace gil
