// Wakes the window's event loop when the engine has something to say.
#pragma once

#include <cstdint>
#include <thread>

#include "native/posix.h"

namespace gil::native {

/// A thread that waits on the engine's descriptor and pushes one SDL user event; then it waits for rearm(), so that
/// events that nobody has taken yet do not flood the queue.
class EngineWatcher {
  public:
    /// SDL must be initialised. `fd` stays valid for the watcher's life (EngineProcess::fd).
    explicit EngineWatcher(int fd);
    ~EngineWatcher();
    EngineWatcher(const EngineWatcher&) = delete;
    EngineWatcher& operator=(const EngineWatcher&) = delete;

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
