// What the front end asks of the window it lives in. native/ and web/ each implement it once.
#pragma once

#include <string>

#include "core/base/json.h"

namespace gil::ui {

/// What the page may do, as told to the reader by the badge (README.md, "What a browser can and cannot do").
struct PlatformInfo {
    bool is_browser = false;
    bool embedded = false;          ///< in an iframe: no list, no code panel, one line that opens the whole
    std::string page_url;           ///< address of the whole page in its own tab, without the state; empty: no page
    bool offers_own_tab = false;    ///< embedded or not isolated: more can be done there
    std::string engine_unavailable; ///< not empty: no engine at all here (no Workers, say), simulation only; says why
};

/// All calls from the UI's thread; none blocks.
class Platform {
  public:
    virtual ~Platform() = default;
    [[nodiscard]] virtual const PlatformInfo& info() const = 0;
    [[nodiscard]] virtual bool prefers_dark() const = 0;
    /// The state that the address carries now ("cpu-bound?tasks=4"); empty when there is none.
    [[nodiscard]] virtual std::string address() const = 0;
    /// Called when the state changed, so that the address can carry it.
    virtual void save_state(const std::string& state) = 0;
    /// The same when the reader went to another experiment: the way back leads to the state before.
    virtual void visit_state(const std::string& state) = 0;
    virtual void copy_to_clipboard(const std::string& text) = 0;
    virtual void open_url(const std::string& url) = 0;
    /// The screen in words, for the live HTML beside the canvas (a screen reader's text):
    /// {"title","claim","status","verdict","columns":[...],"rows":[[...]]}. Called only when it changed.
    virtual void set_summary(const Json& summary) = 0;
    /// Height in CSS pixels that the content wants at the present width; a page may make its canvas that tall.
    virtual void set_content_height(float height) = 0;
};

} // namespace gil::ui
