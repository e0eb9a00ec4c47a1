// The front end's end of the line to the engine. native/ implements it over a socket pair, web/ over a Worker.
#pragma once

#include <optional>
#include <string>

#include "core/base/json.h"

namespace gil::ui {

/// All calls from the UI's thread; none blocks.
class EngineClient {
  public:
    virtual ~EngineClient() = default;

    /// Queues one request (core/engine/protocol.h). Dropped silently while there is no engine.
    virtual void send(const Json& message) = 0;

    /// The next event that has arrived, oldest first. After the engine died on its own this yields one
    /// {"type":"failed","id":0,"reason":"..."} that says how (signal, exit code, load failure), and the client has
    /// already started a new engine, whose "ready" follows; after three deaths within 10 s it stops trying.
    [[nodiscard]] virtual std::optional<Json> poll() = 0;

    /// Starts an engine where the client has stopped trying; otherwise nothing. What becomes of it is told as usual.
    virtual void start_again() = 0;

    /// True when the platform says that the engine does not run: somebody has stopped its process. Where it tells
    /// nothing (a browser) only silence does.
    [[nodiscard]] virtual bool is_stopped() const { return false; }

    /// Ends the engine and all its workers at once and starts a new one; this is how a run is cancelled.
    virtual void restart() = 0;
};

} // namespace gil::ui
