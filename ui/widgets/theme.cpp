#include "ui/widgets/theme.h"

#include <algorithm>
#include <iterator>

namespace gil::ui {

namespace {

/// 0xRRGGBB to ImGui's order, opaque.
constexpr ImU32 rgb(unsigned hex) {
    return IM_COL32((hex >> 16) & 255u, (hex >> 8) & 255u, hex & 255u, 255u);
}

Palette light_palette() {
    Palette p{};
    p.background = rgb(0xffffff);
    p.panel = rgb(0xf6f7f9);
    p.line = rgb(0xdfe3e8);
    p.text = rgb(0x16202c);
    p.quiet = rgb(0x5b6775);
    p.accent = rgb(0x0b62c4);
    p.accent_hovered = rgb(0x0954a8);
    p.on_accent = rgb(0xffffff);
    p.selection = rgb(0xd9e6f5);
    p.hover = rgb(0xeaeef3);
    p.simulated = rgb(0xa9c8ea);
    p.running = rgb(0x1f77c9);
    p.gil_wait = rgb(0xe69f00);
    p.gil_wait_pale = rgb(0xfbe8bd);
    p.io_wait = rgb(0x9fb3c4);
    p.lock_wait = rgb(0xd55e00);
    p.serialising = rgb(0xb05f94);
    p.starting = rgb(0xc9b458);
    p.native = rgb(0x00806a);
    p.native_pale = rgb(0xa6ddd1);
    const unsigned series[] = {0x5b6775, 0x0b62c4, 0xc24d00, 0x007a5e, 0x9c4a83};
    std::transform(std::begin(series), std::end(series), p.series, rgb);
    p.gil_row = rgb(0xc7ddf3);
    p.on_gil_row = rgb(0x16202c);
    p.good = rgb(0x1c7a35);
    p.good_back = rgb(0xe8f4ea);
    p.bad = rgb(0xb3261e);
    p.bad_back = rgb(0xfdeeec);
    p.unsure = rgb(0x755700);
    p.unsure_back = rgb(0xf8f2de);
    return p;
}

Palette dark_palette() {
    Palette p{};
    p.dark = true;
    p.background = rgb(0x11161d);
    p.panel = rgb(0x1a212b);
    p.line = rgb(0x2c3642);
    p.text = rgb(0xe8edf3);
    p.quiet = rgb(0x94a1b0);
    p.accent = rgb(0x6db3ff);
    p.accent_hovered = rgb(0x8ac3ff);
    p.on_accent = rgb(0x0d1722);
    p.selection = rgb(0x24384f);
    p.hover = rgb(0x222b36);
    p.simulated = rgb(0x33506f);
    p.running = rgb(0x4da3ec);
    p.gil_wait = rgb(0xe69f00);
    p.gil_wait_pale = rgb(0x453510);
    p.io_wait = rgb(0x4d6072);
    p.lock_wait = rgb(0xd55e00);
    p.serialising = rgb(0xcc79a7);
    p.starting = rgb(0xc9b458);
    p.native = rgb(0x35b79c);
    p.native_pale = rgb(0x15584b);
    const unsigned series[] = {0xa9b5c2, 0x6db3ff, 0xff9554, 0x3fcfa8, 0xe39cc9};
    std::transform(std::begin(series), std::end(series), p.series, rgb);
    p.gil_row = rgb(0x2f5f92);
    p.on_gil_row = rgb(0xf2f7fc);
    p.good = rgb(0x7fd493);
    p.good_back = rgb(0x16301d);
    p.bad = rgb(0xff9d92);
    p.bad_back = rgb(0x3a1b1b);
    p.unsure = rgb(0xe8cf74);
    p.unsure_back = rgb(0x2f2916);
    return p;
}

} // namespace

const Palette& palette_of(bool dark) {
    static const Palette light_theme = light_palette();
    static const Palette dark_theme = dark_palette();
    return dark ? dark_theme : light_theme;
}

ImU32 state_colour(const Palette& palette, State state) {
    switch (state) {
    case State::starting:
        return palette.starting;
    case State::running:
        return palette.running;
    case State::waiting_for_gil:
        return palette.gil_wait;
    case State::waiting_for_io:
        return palette.io_wait;
    case State::waiting_for_lock:
        return palette.lock_wait;
    case State::serialising:
        return palette.serialising;
    case State::native:
        return palette.native;
    case State::idle:
        break;
    }
    return 0;
}

VerdictColours verdict_colours(const Palette& palette, Holds holds) {
    switch (holds) {
    case Holds::yes:
        return {palette.good, palette.good_back};
    case Holds::no:
        return {palette.bad, palette.bad_back};
    case Holds::cannot_tell:
        break;
    }
    return {palette.unsure, palette.unsure_back};
}

ImU32 faded(ImU32 colour, float alpha) {
    const auto old = static_cast<float>((colour >> IM_COL32_A_SHIFT) & 255u);
    const auto now = static_cast<ImU32>(std::clamp(old * alpha, 0.0f, 255.0f));
    return (colour & ~IM_COL32_A_MASK) | (now << IM_COL32_A_SHIFT);
}

void apply_style(const Palette& palette) {
    ImGuiStyle& style = ImGui::GetStyle();
    const auto set = [&](ImGuiCol slot, ImU32 colour) { style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(colour); };
    set(ImGuiCol_WindowBg, palette.background);
    set(ImGuiCol_ChildBg, 0);
    set(ImGuiCol_Text, palette.text);
    set(ImGuiCol_TextDisabled, palette.quiet);
    set(ImGuiCol_FrameBg, palette.background);
    set(ImGuiCol_FrameBgHovered, palette.background);
    set(ImGuiCol_FrameBgActive, palette.background);
    set(ImGuiCol_Border, palette.accent);
    set(ImGuiCol_TextSelectedBg, palette.selection);
    set(ImGuiCol_InputTextCursor, palette.accent);
    set(ImGuiCol_NavCursor, palette.accent);
    set(ImGuiCol_ScrollbarBg, 0);
    set(ImGuiCol_ScrollbarGrab, palette.line);
    set(ImGuiCol_ScrollbarGrabHovered, faded(palette.quiet, 0.6f));
    set(ImGuiCol_ScrollbarGrabActive, palette.quiet);
    style.WindowPadding = {0, 0};
    style.WindowBorderSize = 0;
    style.WindowRounding = 0;
    style.ChildBorderSize = 0;
    style.ItemSpacing = {0, 0};
    style.FrameRounding = 6;
    style.FramePadding = {4, 1};
    style.FrameBorderSize = 0;
    style.ScrollbarSize = 8;
    style.ScrollbarRounding = 4;
    // A finger needs a margin around small targets; ours are large enough already.
    style.TouchExtraPadding = {0, 0};
}

} // namespace gil::ui
