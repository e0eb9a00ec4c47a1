// The engine: takes requests, measures, answers with events. One per engine process or engine Worker.
#pragma once

#include <functional>
#include <memory>

#include "core/base/json.h"
#include "core/measure/host.h"

namespace gil {

class Engine {
  public:
    /// `send` takes one event message (core/engine/protocol.h) and must not call back into the engine. Host must
    /// outlive it. Sends "ready" from inside the constructor.
    Engine(Host& host, std::function<void(const Json&)> send);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// One message from the front end, on the engine's thread. Work goes on through Host::call_after, so this returns
    /// soon, except that a measured run of threads blocks while it lasts. A message that is not understood is answered
    /// by "failed"; so is a second run while one is under way.
    void receive(const Json& message);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace gil
