// ui::Platform on a Linux desktop.
#pragma once

#include <string>

#include "native/client/engine_process.h"
#include "ui/state/platform.h"

namespace gil::native {

/// UI thread only. Remembers no state between starts.
class NativePlatform : public ui::Platform {
  public:
    /// `state` opens the front end ("cpu-bound?tasks=8"), empty for its first page. `engine` must outlive it.
    NativePlatform(std::string state, const EngineProcess& engine);

    [[nodiscard]] const ui::PlatformInfo& info() const override { return info_; }
    [[nodiscard]] bool prefers_dark() const override;
    [[nodiscard]] std::string address() const override { return state_; }
    void save_state(const std::string& state) override { state_ = state; }
    void visit_state(const std::string& state) override { state_ = state; }
    void copy_to_clipboard(const std::string& text) override;
    void open_url(const std::string& url) override;
    void set_summary(const Json& summary) override;
    void set_content_height(float) override {}

    /// Reaps helpers that open_url started, and what they left behind. True while there may be more to come.
    bool reap_helpers();

  private:
    ui::PlatformInfo info_;
    std::string state_;
    const EngineProcess& engine_;
    bool has_helpers_ = false;
};

} // namespace gil::native
