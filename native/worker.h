// The inside of a worker process, whatever start method made it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/measure/process_job.h"
#include "core/result.h"

namespace gil::native {

/// First byte of the frame that a worker answers with.
enum class WorkerAnswer : std::uint8_t { outcome, error };

/// The body of a worker process that has just been forked: closes every other descriptor, reads one job from `socket`,
/// runs it, writes the answer, ends the process. Exit code 0: answered; 1: the parent is gone or sent no job.
/// `parent` is the process that forked it; the worker dies with it.
[[noreturn]] void run_forked_worker(int socket, pid_t parent, int delay_port);

/// The same for a fresh process (spawn), which has the socket as its standard input.
[[noreturn]] void run_spawned_worker(int delay_port);

/// What a worker's answer says: its outcome or its error.
[[nodiscard]] Result<ProcessOutcome> decode_answer(std::span<const std::uint8_t> payload);

} // namespace gil::native
