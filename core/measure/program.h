// CPU work under way, and what tasks must have computed.
#pragma once

#include <span>
#include <vector>

#include "core/kernels/kernel.h"
#include "core/measure/speeds.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// Folds a kernel's value into a task's output.
void add_to(TaskOutput& output, std::uint64_t turns, std::uint64_t value);

/// What `task` must have computed at this speed; checked against what a worker says it computed.
[[nodiscard]] TaskOutput expected_output(const Task& task, const Speeds& speeds);

/// True when every task that did not fail computed what it should, and the ones that failed are those that had to: by
/// their own program, as lambdas that cannot be sent, or with a process that another task ended.
[[nodiscard]] bool outputs_are_right(const Scenario& scenario, const Speeds& speeds,
                                     std::span<const TaskOutput> outputs);

/// CPU work under way: a fixed number of turns, done in pieces.
class ComputeProgress {
  public:
    ComputeProgress(const Compute& compute, const Speeds& speeds)
        : kernel_(compute.kernel), end_(turns_for(compute, speeds.kernels)),
          turns_per_check_(speeds.kernels[static_cast<std::size_t>(compute.kernel)].turns_per_check) {}

    /// Runs until all turns are done (true) or the breaker is seen set (false). Any thread; never blocks.
    bool run(const std::atomic<std::uint32_t>& breaker) {
        while (state_.turn < end_) {
            if (run_kernel(kernel_, state_, end_, turns_per_check_, breaker) && state_.turn < end_) return false;
        }
        return true;
    }
    void store(TaskOutput& output) const { add_to(output, end_, state_.value); }

  private:
    Kernel kernel_;
    KernelState state_;
    std::uint64_t end_;
    std::uint32_t turns_per_check_;
};

} // namespace gil
