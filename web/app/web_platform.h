// The page as the front end sees it: address, clipboard, theme, the words beside the canvas (page.js).
#pragma once

#include "ui/state/platform.h"

namespace gil::web {

class WebPlatform final : public ui::Platform {
  public:
    WebPlatform();
    [[nodiscard]] const ui::PlatformInfo& info() const override { return info_; }
    [[nodiscard]] bool prefers_dark() const override;
    [[nodiscard]] std::string address() const override;
    void save_state(const std::string& state) override;
    void visit_state(const std::string& state) override;
    void copy_to_clipboard(const std::string& text) override;
    void open_url(const std::string& url) override;
    void set_summary(const Json& summary) override;
    void set_content_height(float height) override;

  private:
    ui::PlatformInfo info_;
};

} // namespace gil::web
