#include "core/kernels/kernel.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/encryption.h"
#include "core/kernels/image_filter.h"
#include "core/kernels/numeric.h"
#include "core/kernels/parsing.h"
#include "core/kernels/sum_of_squares.h"
#include "core/kernels/turns.h"

namespace gil {

namespace {

using KernelFunction = bool(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                            const std::atomic<std::uint32_t>& breaker);

/// By Kernel. Called through this table none of them becomes part of another function: together they are so large that
/// a browser's compiler makes their loops twice as slow.
constexpr KernelFunction* functions[kernel_count] = {&sum_of_squares, &image_filter, &numeric, &encryption, &parsing};

} // namespace

bool run_kernel(Kernel kernel, KernelState& state, std::uint64_t end, std::uint32_t turns_per_check,
                const std::atomic<std::uint32_t>& breaker) {
    const bool costly = kernel != Kernel::sum_of_squares;
    const std::uint64_t stop = std::min(end, state.turn + (costly ? costly_turns_per_call : turns_per_call));
    return functions[static_cast<std::size_t>(kernel)](state, stop, turns_per_check, breaker);
}

std::uint64_t expected_value(Kernel kernel, std::uint64_t turns) {
    switch (kernel) {
    case Kernel::sum_of_squares:
        return sum_of_squares_formula(turns);
    case Kernel::image_filter:
        return image_filter_expected(turns);
    case Kernel::numeric:
        return numeric_expected(turns);
    case Kernel::encryption:
        return encryption_expected(turns);
    case Kernel::parsing:
        return parsing_expected(turns);
    }
    return 0;
}

std::uint64_t turns_for(const Compute& compute, const KernelSpeeds& speeds) {
    if (compute.work <= 0) return 0;
    const double per_turn = speeds[static_cast<std::size_t>(compute.kernel)].ns_per_turn;
    const double turns = std::round(static_cast<double>(compute.work) / std::max(per_turn, 1e-3));
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(turns));
}

} // namespace gil
