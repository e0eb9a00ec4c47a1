// What a worker process is told and what it tells back, as bytes (MessagePack): nothing else crosses the border.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/kernels/kernel.h"
#include "core/result.h"
#include "core/run.h"
#include "core/scenario.h"

namespace gil {

class Host;

struct ProcessJob {
    int worker = 0; ///< index, for the lane's name and interpreter number
    std::vector<int> task_indices;
    std::vector<Task> tasks; ///< as many as task_indices
    KernelSpeeds speeds;     ///< the parent's calibration, so that every variant does the same number of turns
};

struct ProcessOutcome {
    Lane lane; ///< times are Host::now() of the child; the parent makes them relative to the run's start
    std::vector<TaskOutput> outputs; ///< as many as the job's tasks
};

[[nodiscard]] std::vector<std::uint8_t> encode(const ProcessJob& job);
[[nodiscard]] std::vector<std::uint8_t> encode(const ProcessOutcome& outcome);
[[nodiscard]] Result<ProcessJob> decode_process_job(std::span<const std::uint8_t> bytes);
[[nodiscard]] Result<ProcessOutcome> decode_process_outcome(std::span<const std::uint8_t> bytes);

/// The body of a worker process: runs the job's tasks one after another on `host`'s event loop and hands over the
/// outcome. The lane begins with `running`; the time before belongs to the parent's `starting`.
/// An http request that fails is the Error. `host` must outlive the call to `done`.
void run_process_job(Host& host, ProcessJob job, std::function<void(Result<ProcessOutcome>)> done);

} // namespace gil
