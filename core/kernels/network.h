// The neural network that the numeric kernel trains: one hidden layer of rectified units, squared error, plain gradient
// descent. Every quantity is rounded (half to even) to a fixed fraction, so that all products and sums are exact in a
// double: the result is the same to the last bit with every compiler, with and without SIMD or fused operations, and
// the same as with integers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace gil::network {

inline constexpr int inputs = 8; ///< the first is always 1
inline constexpr int hidden = 8;
inline constexpr int outputs = 4;
inline constexpr int samples = 8; ///< of one batch
inline constexpr int batches = 8;
inline constexpr int steps = 64; ///< batches seen until the training begins anew

// A quantity is a multiple of 2^-bits.
inline constexpr int input_bits = 4;
inline constexpr int signal_bits = 8; ///< hidden values, outputs, targets and errors
inline constexpr int weight_bits = 12;
inline constexpr int rate_bits = 6; ///< the learning rate is 2^-6

/// Row by row, as integers in the units above.
struct Data {
    std::array<int, batches * samples * inputs> input_values;
    std::array<int, batches * samples * outputs> target_values;
    std::array<int, inputs * hidden> first_weights;   ///< before the training
    std::array<int, hidden * outputs> second_weights; ///< before the training
};

/// Made once per process. Any thread.
[[nodiscard]] const Data& data();

struct TrainingStep {
    std::int64_t loss = 0;    ///< squared error of the batch before the step, in 2^-(2 signal_bits)
    std::int64_t weights = 0; ///< sum of all weights after it, in 2^-weight_bits

    /// What the step adds to the kernel's value.
    [[nodiscard]] std::uint64_t value() const { return static_cast<std::uint64_t>(loss + weights); }
};

/// All steps of the training, done with integers and plain loops.
[[nodiscard]] std::vector<TrainingStep> reference_training();

} // namespace gil::network
