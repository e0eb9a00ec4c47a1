// Wakes the window's event loop when the engine has something to say.
#pragma once

#include <cstdint>
#include <thread>

#include "core/base/result.h"
#include "native/base/posix.h"

namespace gil::native {

/// A thread that waits on the engine's descriptor and pushes one SDL user event; then it waits for rearm(), so that
/// events that nobody has taken yet do not flood the queue.
class EngineWatcher {
  public:
    /// Registers the type of its events. SDL must be initialised.
    EngineWatcher();
    /// Ends the thread, if it was started.
    ~EngineWatcher();
    EngineWatcher(const EngineWatcher&) = delete;
    EngineWatcher& operator=(const EngineWatcher&) = delete;

    /// Starts the thread, once; an Error when there is none to be had. `fd` stays valid for the watcher's life
    /// (EngineProcess::fd).
    [[nodiscard]] Result<Nothing> start(int fd);

    /// The type of the SDL events that it pushes.
    [[nodiscard]] std::uint32_t event_type() const { return event_type_; }
    /// After the engine's events were taken. UI thread.
    void rearm();

  private:
    void watch(int fd) const;

    std::uint32_t event_type_ = 0;
    UniqueFd rearm_; ///< eventfd, UI thread to watcher
    UniqueFd stop_;  ///< eventfd
    std::thread thread_;
};

} // namespace gil::native
