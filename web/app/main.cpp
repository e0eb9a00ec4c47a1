// The page's program: wires the window, the engine's Worker and the page to the front end, and draws when there is a
// reason to. It returns from main at once; everything else is called by frames.js and input.js.
#include <algorithm>
#include <cfloat>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <emscripten/emscripten.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "ui/app.h"
#include "web/app/web_engine_client.h"
#include "web/app/web_platform.h"
#include "web/app/window.h"

extern "C" {
// library_app.js.
void gil_request_frame();
/// A frame has been drawn.
void gil_frame_drawn();
void gil_page_failed(const char* text, std::size_t size);
/// Moves the focus on: -1 back, +1 forward, 2 away.
void gil_leave_canvas(int direction);
}

namespace gil::web {
namespace {

/// ImGui spreads a press and its release over frames and lays out with what it learned in the last one.
constexpr int frames_after_input = 3;

struct Page {
    Window window;
    WebEngineClient engine;
    WebPlatform platform;
    std::optional<ui::App> app;
    bool looks_later = false;
    int frames_left = frames_after_input;
};

std::unique_ptr<Page>& page() {
    static std::unique_ptr<Page> instance;
    return instance;
}

void wake() {
    if (page() == nullptr) return;
    page()->frames_left = frames_after_input;
    gil_request_frame();
}

/// An engine that says nothing is told of, too: so the front end looks again when no message comes.
void look_later() {
    const std::optional<Nanoseconds> due = page()->app->update_due_in();
    if (!due || std::exchange(page()->looks_later, true)) return;
    const auto look = [](void*) {
        if (page() == nullptr) return;
        page()->looks_later = false;
        gil_request_frame();
    };
    emscripten_async_call(look, nullptr, static_cast<int>(*due / millisecond));
}

/// CSS pixels that one unit of ImGui's wheel scrolls (Dear ImGui, UpdateMouseWheel).
float wheel_step() {
    return std::max(1.0F, 5 * ImGui::GetStyle().FontSizeBase);
}

void open_page() {
    page() = std::make_unique<Page>();
    const std::string problem = page()->window.open();
    if (!problem.empty()) {
        page().reset();
        gil_page_failed(problem.data(), problem.size());
        return;
    }
    page()->app.emplace(page()->engine, page()->platform);
}

} // namespace
} // namespace gil::web

using namespace gil::web;

int main() {
    open_page();
    return 0;
}

extern "C" {

/// One animation frame. Draws when there is a reason to. 0: no other frame is wanted; 1: the next one; 2: one in a
/// while, because only the front end itself wants it (a caret, a word that goes away), which must not cost 60 a second.
EMSCRIPTEN_KEEPALIVE int gil_frame() {
    if (page() == nullptr) return 0;
    Page& now = *page();
    // One frame: while a run is being measured, every further one would take a core away from it.
    if (now.app->update()) now.frames_left = std::max(now.frames_left, 1);
    look_later();
    if (now.frames_left <= 0 && now.app->frames_wanted() <= 0) return 0;
    now.frames_left = std::max(0, now.frames_left - 1);
    now.window.begin_frame();
    now.app->draw(now.window.scale());
    now.window.end_frame();
    gil_frame_drawn();
    if (const int direction = now.window.leaving(); direction != 0) gil_leave_canvas(direction);
    if (now.frames_left > 0 || now.window.has_queued_input()) return 1;
    return now.app->frames_wanted() > 0 ? 2 : 0;
}

/// A message of the engine waits; only the front end knows whether it changes the picture.
EMSCRIPTEN_KEEPALIVE void gil_message_arrived() {
    if (page() != nullptr) gil_request_frame();
}

/// Something outside changed (theme, visibility).
EMSCRIPTEN_KEEPALIVE void gil_wake() {
    wake();
}

/// The reader went back or forward, or changed the address.
EMSCRIPTEN_KEEPALIVE void gil_address_changed() {
    if (page() == nullptr) return;
    page()->app->address_changed();
    wake();
}

EMSCRIPTEN_KEEPALIVE void gil_resize(double css_width, double css_height, int pixel_width, int pixel_height) {
    if (page() == nullptr) return;
    page()->window.resize(css_width, css_height, pixel_width, pixel_height);
    wake();
}

/// Position in CSS pixels; `touch` tells a finger from a mouse or pen.
EMSCRIPTEN_KEEPALIVE void gil_pointer_move(double x, double y, bool touch) {
    if (page() == nullptr) return;
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseSourceEvent(touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
    io.AddMousePosEvent(static_cast<float>(x), static_cast<float>(y));
    wake();
}

EMSCRIPTEN_KEEPALIVE void gil_pointer_gone() {
    if (page() == nullptr) return;
    ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    wake();
}

/// `button` as ImGui counts: 0 left, 1 right, 2 middle.
EMSCRIPTEN_KEEPALIVE void gil_pointer_button(int button, bool down) {
    if (page() == nullptr) return;
    ImGui::GetIO().AddMouseButtonEvent(button, down);
    wake();
}

/// Scrolls by CSS pixels, as a wheel event's deltas count.
EMSCRIPTEN_KEEPALIVE void gil_scroll(double dx, double dy) {
    if (page() == nullptr) return;
    ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(-dx) / wheel_step(), static_cast<float>(-dy) / wheel_step());
    wake();
}

/// Whether what lies under the pointer can scroll that way; if not, the wheel belongs to the page around.
EMSCRIPTEN_KEEPALIVE bool gil_can_scroll(double dx, double dy) {
    if (page() == nullptr) return false;
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    for (const ImGuiWindow* window = g.HoveredWindow; window != nullptr; window = window->ParentWindow) {
        if ((window->Flags & ImGuiWindowFlags_NoScrollWithMouse) == 0) {
            if (dy > 0 && window->Scroll.y < window->ScrollMax.y) return true;
            if (dy < 0 && window->Scroll.y > 0) return true;
            if (dx > 0 && window->Scroll.x < window->ScrollMax.x) return true;
            if (dx < 0 && window->Scroll.x > 0) return true;
        }
        if (window->ParentWindow == window) break;
    }
    return false;
}

EMSCRIPTEN_KEEPALIVE void gil_focus(bool focused) {
    if (page() == nullptr) return;
    ImGui::GetIO().AddFocusEvent(focused);
    wake();
}

/// Pasted text, UTF-8 and ending in zero.
EMSCRIPTEN_KEEPALIVE void gil_paste(const char* text) {
    if (page() == nullptr) return;
    ImGui::GetIO().AddInputCharactersUTF8(text);
    wake();
}

/// A key of the canvas has arrived at SDL.
EMSCRIPTEN_KEEPALIVE void gil_key() {
    wake();
}

} // extern "C"
