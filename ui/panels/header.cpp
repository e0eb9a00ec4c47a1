#include "ui/panels/panels.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

void copy(Frame& frame, const char* what, const std::string& text) {
    frame.platform.copy_to_clipboard(text);
    frame.model.copied_what = what;
    frame.model.copied_until = ImGui::GetTime() + 2;
}

bool says_copied(const Frame& frame, const char* what) {
    return frame.model.copied_what == what && ImGui::GetTime() < frame.model.copied_until;
}

std::string whole_page_url(const Frame& frame) {
    const std::string& base = frame.platform.info().page_url;
    return base.empty() ? base : base + "#" + frame.controller.state();
}

namespace {

void draw_menu_button(Frame& frame) {
    const Touch menu = touch("menu", {6, 6}, {40, 40});
    if (menu.hovered) frame.draw->AddRectFilled({6, 6}, {46, 46}, frame.colours.hover, 8);
    if (frame.model.menu_open) {
        const ImVec2 c{26, 26};
        frame.draw->AddLine({c.x - 6, c.y - 6}, {c.x + 6, c.y + 6}, frame.colours.text, 1.8f);
        frame.draw->AddLine({c.x - 6, c.y + 6}, {c.x + 6, c.y - 6}, frame.colours.text, 1.8f);
    } else {
        draw_menu_sign(frame, {26, 26}, frame.colours.text);
    }
    if (!menu.pressed) return;
    frame.model.menu_open = !frame.model.menu_open;
    frame.model.reveal_in_list = frame.model.menu_open;
}

} // namespace

void draw_header(Frame& frame) {
    const Area& area = frame.layout.header;
    const Palette& colours = frame.colours;
    frame.draw->AddRectFilled({area.x, area.y}, {area.x + area.width, area.y + area.height}, colours.panel);
    const float middle = area.y + area.height / 2;
    float x = 24;
    if (frame.layout.narrow) {
        draw_menu_button(frame);
        x = 52;
    }
    const TextStyle name{frame.fonts.semibold, 17, colours.text};
    const char* title = area.width < 365 ? "GIL" : "GIL Playground"; // no room beside the links
    const ImVec2 extent = text_size(name, title);
    draw_text(frame, {x, middle - extent.y / 2}, name, title);
    if (!frame.layout.narrow) {
        const TextStyle subline{frame.fonts.regular, size::normal, colours.quiet};
        draw_text(frame, {x + extent.x + 24, middle - text_size(subline, "every").y / 2 + 1}, subline,
                  "Python's Global Interpreter Lock: every claim, on your machine");
    }

    const float right = area.x + area.width - (frame.layout.narrow ? 8.0f : 16.0f);
    const Touch theme = touch("theme", {right - 40, middle - 20}, {40, 40});
    if (theme.hovered) {
        frame.draw->AddRectFilled({right - 40, middle - 20}, {right, middle + 20}, colours.hover, 8);
        tooltip(frame, colours.dark ? "Light colours" : "Dark colours");
    }
    draw_half_circle(frame, {right - 20, middle}, 6.5f, colours.text);
    if (theme.pressed) frame.controller.toggle_theme();

    const bool copied = says_copied(frame, "share");
    const TextStyle share{frame.fonts.regular, size::large, copied ? colours.good : colours.quiet};
    // A window has no address; what stands behind its '#' opens it the same: gilplay desktop "cpu-bound?tasks=8".
    const bool has_url = !frame.platform.info().page_url.empty();
    const char* words = !copied ? "share" : frame.layout.narrow ? "copied" : has_url ? "link copied" : "state copied";
    const ImVec2 size = text_size(share, words);
    if (link(frame, "share", {right - 52 - size.x, middle - size.y / 2}, share, words)) {
        copy(frame, "share", has_url ? whole_page_url(frame) : frame.controller.state());
    }

    const bool open = frame.model.decide.open;
    const TextStyle decide{open ? frame.fonts.semibold : frame.fonts.regular, size::large,
                           open ? colours.accent : colours.quiet};
    const float width = text_size(decide, "decide").x;
    if (link(frame, "decide", {right - 52 - size.x - 24 - width, middle - size.y / 2}, decide, "decide")) {
        frame.controller.open_decide(!open);
    }
}

float draw_open_whole(Frame& frame, ImVec2 at, float width) {
    if (!frame.platform.info().offers_own_tab) return 0;
    const std::string url = whole_page_url(frame);
    const TextStyle style{frame.fonts.regular, size::normal, frame.colours.accent};
    const char* words = "open in GIL Playground ↗";
    const ImVec2 extent = text_size(style, words);
    if (link(frame, "open whole", {at.x + width - extent.x, at.y + 12}, style, words)) frame.platform.open_url(url);
    return 40;
}

} // namespace gil::ui
