// The inside of a worker of a process pool: takes items, runs their tasks one after another, sends back what they gave.
#pragma once

#include <functional>
#include <memory>

#include "core/measure/child_message.h"
#include "core/measure/host.h"

namespace gil {

/// On the child's event loop; keeps itself alive while a task waits.
class PoolWorker {
  public:
    virtual ~PoolWorker() = default;
    /// A message of kind `items`.
    virtual void receive(Bytes message) = 0;
    /// No more items: `finish` is called when those there are done.
    virtual void close() = 0;
};

/// `begin`: when the child's program began. `send` as in ChildProgram.
[[nodiscard]] std::shared_ptr<PoolWorker> make_pool_worker(Host& host, const ChildJob& job, Nanoseconds begin,
                                                           std::function<void(Bytes)> send,
                                                           std::function<void(ChildReport)> finish);

/// The block that a pool shares when Transport is shared_memory: one slot for every task that may be on its way, used
/// again and again, since fresh memory costs more than the copy into it. A slot holds a task's argument, then its
/// result.
struct BlockSlots {
    std::size_t count = 0;
    std::size_t bytes = 0; ///< of one slot; 0: nothing is shared
};
[[nodiscard]] BlockSlots block_slots(const Scenario& scenario);

/// True when the `size` bytes at `offset` are those of make_payload(size, 0).
[[nodiscard]] bool block_holds_payload(const SharedBlock& block, std::size_t offset, std::size_t size);

} // namespace gil
