// One request to an engine process of its own, from start to answer.
#pragma once

#include <optional>

#include "core/protocol.h"
#include "core/result.h"

namespace gil::native {

struct EngineAnswer {
    std::optional<Event> event; ///< ResultEvent or CalibratedEvent; nothing when it failed
    Error error;
    int status = 0; ///< exit status: 0 answered, 1 failed, 128 + the signal that interrupted it
};

/// Starts an engine and a delay server, asks, waits, shows progress on standard error when that is a terminal, ends
/// both. SIGINT, SIGTERM and SIGHUP end the engine's whole process group. Blocks; main thread.
[[nodiscard]] EngineAnswer ask_engine(const Request& request);

} // namespace gil::native
