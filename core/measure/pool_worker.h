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

/// `begin`: when the child's program began. `send` as in ChildProgram. `finish` is called once; with an Error when what
/// came cannot be understood.
[[nodiscard]] std::shared_ptr<PoolWorker> make_pool_worker(Host& host, const ChildJob& job, Nanoseconds begin,
                                                           std::function<void(Bytes)> send,
                                                           std::function<void(Result<ChildReport>)> finish);

/// True when the `size` bytes at `offset` are those of make_payload(size, first_word).
[[nodiscard]] bool block_holds_payload(const SharedBlock& block, std::size_t offset, std::size_t size,
                                       std::uint64_t first_word);

} // namespace gil
