#include "core/measure/speeds.h"

#include <algorithm>
#include <cmath>

namespace gil {

std::uint64_t operations_for(const Wait& wait, const Speeds& speeds) {
    const double each = speeds.operation_ns[static_cast<std::size_t>(wait.kind)];
    if (!is_operation(wait.kind) || wait.duration <= 0) return 0;
    // Not calibrated: something still has to happen.
    if (each <= 0) return 1;
    return std::max<std::uint64_t>(1,
                                   static_cast<std::uint64_t>(std::llround(static_cast<double>(wait.duration) / each)));
}

std::uint64_t turns_per_bytecode(const Speeds& speeds) {
    constexpr double bytecode_ns = 10;
    const double per_turn =
        std::max(speeds.kernels[static_cast<std::size_t>(Kernel::sum_of_squares)].ns_per_turn, 1e-3);
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(bytecode_ns / per_turn)));
}

} // namespace gil
