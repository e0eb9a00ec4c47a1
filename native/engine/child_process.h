// core's ChildProcess on Linux: a forked or spawned process at the other end of a socket pair.
#pragma once

#include <memory>
#include <string>

#include "core/measure/host.h"
#include "native/base/event_loop.h"
#include "native/engine/forkserver.h"

namespace gil::native {

/// What starting processes needs. The loop outlives the children.
struct ProcessStarter {
    EventLoop* loop = nullptr;
    std::shared_ptr<Forkserver> forkserver; ///< only for StartMethod::forkserver
    std::string executable;                 ///< for spawn: this program's file
    int delay_port = 0;
};

/// Starts one child. Engine's thread, which must be the only one while a child is forked. A start that is refused is
/// told by on_end, from the loop. Destroying the child kills it; its listener then hears nothing more, and it is
/// reaped.
[[nodiscard]] std::unique_ptr<ChildProcess> start_child_process(const ProcessStarter& starter,
                                                                const ChildOptions& options, ChildListener listener);

} // namespace gil::native
