#include "ui/app.h"

#include <algorithm>
#include <cmath>

#include "ui/panels/panels.h"
#include "ui/state/summary.h"
#include "ui/sweep/sweep_chart.h"
#include "ui/timeline/timeline.h"

namespace gil::ui {

class App::Impl {
  public:
    Impl(EngineClient& engine, Platform& platform)
        : platform_(platform), fonts_(load_fonts()), model_(experiments().front()),
          controller_(model_, engine, platform) {
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.LogFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.ConfigNavCaptureKeyboard = false;
        io.ConfigNavEscapeClearFocusItem = true;
        ImGui::GetStyle().FontSizeBase = size::normal;
    }

    bool update() {
        const bool changed = controller_.update();
        if (changed) settle_ = std::max(settle_, 1);
        return changed;
    }

    [[nodiscard]] std::optional<Nanoseconds> update_due_in() const { return controller_.update_due_in(); }

    void address_changed() { controller_.go_to(platform_.address()); }

    void draw();
    [[nodiscard]] int frames_wanted() const;

  private:
    using Content = float (*)(Frame&, const Area&);
    void draw_column(Frame& frame, const char* id, const Area& area, Content content, float& height);
    void report_height(const Frame& frame);
    void report_summary();
    void note_input();

    Platform& platform_;
    Fonts fonts_;
    Model model_;
    Controller controller_;
    std::string last_summary_;
    std::string last_experiment_;
    float list_height_ = 0;
    float main_height_ = 0;
    float code_height_ = 0;
    float told_height_ = 0;
    int settle_ = 2; ///< frames until ImGui's hover and focus have followed the last input
    bool themed_dark_ = false;
    bool themed_ = false;
};

namespace {

float draw_main_content(Frame& frame, const Area& area) {
    const Layout& layout = frame.layout;
    const float width = std::min(area.width - 2 * layout.margin, widest_content);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const float x = top.x + layout.margin;
    float y = top.y + (layout.narrow || layout.embedded ? 14.0f : 18.0f);
    const auto add = [&](float (*panel)(Frame&, ImVec2, float), float gap) { y += panel(frame, {x, y}, width) + gap; };
    add(draw_claim, 14);
    add(draw_knob_panel, 14);
    add(draw_run_bar, 14);
    if (!frame.model.experiment->axis.title.empty()) y += 6;
    y += draw_sweep_chart(frame, {x, y}, width);
    add(draw_result_bars, 0);
    add(draw_about_variants, 12);
    add(draw_verdict, 12);
    y += draw_pictures(frame, {x, y}, width);
    add(draw_timeline, 4);
    if (layout.embedded) {
        y += draw_open_whole(frame, {x, y - 8}, width);
    } else if (layout.code_below) {
        y += 12;
        y += draw_code_panel(frame, {x, y}, width, 0) + 16;
    }
    return y - top.y + 8;
}

float draw_decide_content(Frame& frame, const Area& area) {
    const Layout& layout = frame.layout;
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const float width = std::min(area.width - 2 * layout.margin, widest_reading);
    const float first = layout.narrow ? 14.0f : 18.0f;
    return first + draw_decide(frame, {top.x + layout.margin, top.y + first}, width) + 24;
}

float draw_list_content(Frame& frame, const Area& area) {
    return draw_experiment_list(frame, ImGui::GetCursorScreenPos(), area.width, area.height);
}

float draw_code_content(Frame& frame, const Area& area) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    return draw_code_panel(frame, {at.x, at.y + 20}, area.width - 14, area.height - 44) + 40;
}

} // namespace

void App::Impl::draw_column(Frame& frame, const char* id, const Area& area, Content content, float& height) {
    ImGui::SetCursorScreenPos({area.x, area.y});
    // Flattened: Tab walks through all columns in the order they are drawn.
    const bool visible = ImGui::BeginChild(id, {area.width, area.height}, ImGuiChildFlags_NavFlattened);
    if (visible) {
        ImDrawList* below = frame.draw;
        frame.draw = ImGui::GetWindowDrawList();
        const ImVec2 start = ImGui::GetCursorScreenPos();
        height = std::ceil(content(frame, area));
        frame.draw = below;
        ImGui::SetCursorScreenPos({start.x, start.y + height - 1});
        ImGui::Dummy({1, 1});
    }
    ImGui::EndChild();
}

void App::Impl::draw() {
    if (!themed_ || themed_dark_ != model_.dark) apply_style(palette_of(model_.dark));
    themed_ = true;
    themed_dark_ = model_.dark;
    note_input();
    const ImVec2 window = ImGui::GetIO().DisplaySize;
    Frame frame{model_,
                controller_,
                platform_,
                fonts_,
                palette_of(model_.dark),
                layout_of(window.x, window.y, platform_.info().embedded)};
    if (!frame.layout.narrow) model_.menu_open = false;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(window);
    constexpr ImGuiWindowFlags bare = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                      ImGuiWindowFlags_NoScrollWithMouse;
    ImGui::Begin("page", nullptr, bare);
    frame.draw = ImGui::GetWindowDrawList();
    const Layout& layout = frame.layout;
    if (layout.header.shown()) draw_header(frame);
    if (model_.menu_open) {
        const Area whole{0, layout.main.y, window.x, layout.main.height};
        draw_column(frame, "menu list", whole, draw_list_content, list_height_);
    } else {
        if (layout.list.shown()) {
            frame.draw->AddRectFilled({layout.list.x, layout.list.y}, {layout.list.x + layout.list.width, window.y},
                                      frame.colours.panel);
            draw_column(frame, "list", layout.list, draw_list_content, list_height_);
        }
        if (model_.decide.open) {
            Area whole = layout.main;
            whole.width += layout.code.width;
            const std::string id = "decide " + std::to_string(model_.decide.answers.size());
            draw_column(frame, id.c_str(), whole, draw_decide_content, main_height_);
        } else {
            const std::string id = "main " + std::string(model_.experiment->id);
            draw_column(frame, id.c_str(), layout.main, draw_main_content, main_height_);
        }
        if (layout.code.shown() && !model_.decide.open)
            draw_column(frame, "code", layout.code, draw_code_content, code_height_);
    }
    ImGui::End();
    report_height(frame);
    report_summary();
}

void App::Impl::report_height(const Frame& frame) {
    float height = main_height_;
    if (model_.menu_open)
        height = std::max(height, list_height_); // the page behind the menu keeps its place
    else if (frame.layout.list.shown())
        height = std::max(height, list_height_);
    // The code panel stretches to the window's end, so only what it needs beyond that counts.
    height += frame.layout.header.height;
    if (std::fabs(height - told_height_) < 1) return;
    told_height_ = height;
    platform_.set_content_height(height);
}

void App::Impl::report_summary() {
    const Json summary = summary_of(model_);
    std::string text = dump_json(summary);
    if (text == last_summary_) return;
    last_summary_ = std::move(text);
    platform_.set_summary(summary);
}

void App::Impl::note_input() {
    const ImGuiIO& io = ImGui::GetIO();
    bool input = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 || io.MouseWheelH != 0;
    for (int button = 0; button < 3; ++button) {
        input = input || io.MouseClicked[button] || io.MouseReleased[button];
    }
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END && !input; ++key) {
        const auto named = static_cast<ImGuiKey>(key);
        input = ImGui::IsKeyPressed(named) || ImGui::IsKeyReleased(named);
    }
    if (input)
        settle_ = 3;
    else if (settle_ > 0)
        --settle_;
}

int App::Impl::frames_wanted() const {
    // A caret blinks; "copied" goes away by itself.
    const bool caret = ImGui::GetIO().WantTextInput || !model_.edited_knob.empty();
    const bool copied = ImGui::GetTime() < model_.copied_until;
    const bool plays = model_.timeline.replay.playing || model_.pictures_missing;
    return std::max(settle_, caret || copied || plays ? 1 : 0);
}

App::App(EngineClient& engine, Platform& platform) : impl_(std::make_unique<Impl>(engine, platform)) {}
App::~App() = default;
bool App::update() {
    return impl_->update();
}
std::optional<Nanoseconds> App::update_due_in() const {
    return impl_->update_due_in();
}
void App::address_changed() {
    impl_->address_changed();
}
void App::draw(float) {
    impl_->draw();
}
int App::frames_wanted() const {
    return impl_->frames_wanted();
}

} // namespace gil::ui
