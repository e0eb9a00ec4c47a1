// What running a scenario for real needs of a platform and of its workers, read from the scenario once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/scenario/scenario.h"

namespace gil {

/// The block that a pool shares when Transport is shared_memory: one slot for every task that may be on its way, used
/// again and again, since fresh memory costs more than the copy into it. A slot holds a task's argument, then its
/// result.
struct BlockSlots {
    std::size_t count = 0;
    std::size_t bytes = 0; ///< of one slot; 0: nothing is shared
};

struct RunPlan {
    int workers = 1;        ///< started_workers
    bool processes = false; ///< the workers are processes
    bool queue = false;     ///< tasks go to whoever is free
    /// Threads that one process of the run starts besides its own; of a model without processes: that the run starts.
    int threads_in_process = 0;
    bool failures = false;            ///< a task goes wrong on purpose
    bool deadly = false;              ///< a task ends its whole process (abort, stray write)
    bool own_process = false;         ///< the whole run goes into one child, so that the engine survives it
    bool names = false;               ///< a task travels by its function's name, so a lambda cannot be sent
    bool counter_block = false;       ///< a task counts a Value or an Array
    bool data_block = false;          ///< arguments and results travel in a shared block
    BlockSlots slots;                 ///< of that block
    std::int64_t largest_payload = 0; ///< bytes of the largest argument, result or message: what one buffer must hold
};

[[nodiscard]] RunPlan plan_of(const Scenario& scenario);

} // namespace gil
