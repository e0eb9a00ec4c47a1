#include <algorithm>

#include "ui/panels/panels.h"
#include "ui/view/format.h"
#include "ui/widgets/picture_atlas.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

namespace {

constexpr float gap = 8;

/// The moment that the pictures show: the replay's, the pointer's on the timeline, else the end.
Nanoseconds shown_time(Frame& frame, Nanoseconds total) {
    TimelineState& timeline = frame.model.timeline;
    if (timeline.replay.playing) {
        const double now = ImGui::GetTime();
        if (now - timeline.replay.started >= replay_seconds(total)) timeline.replay.playing = false;
        return replay_time(timeline.replay, now, total);
    }
    if (timeline.pointer) return static_cast<Nanoseconds>(std::clamp(*timeline.pointer, 0.0, timeline.view.total));
    return total;
}

void draw_picture(Frame& frame, int index, Progressed progress, ImVec2 min, ImVec2 max) {
    PictureAtlas& atlas = PictureAtlas::instance();
    const Palette& colours = frame.colours;
    frame.draw->AddRectFilled(min, max, colours.panel, 4);
    if (index % atlas_pictures < atlas.made()) {
        const bool done = progress == Progressed::done;
        const PicturePlace place = PictureAtlas::place(index, done);
        const ImU32 tint = faded(IM_COL32_WHITE, done ? 1.0f : progress == Progressed::working ? 0.55f : 0.25f);
        frame.draw->AddImageRounded(atlas.texture(), min, max, place.min, place.max, tint, 4);
    }
    if (progress == Progressed::working) frame.draw->AddRect(min, max, colours.running, 4, 0, 3);
}

/// Title, how far the run is, and the replay button. Returns the height.
float draw_title(Frame& frame, ImVec2 at, float width, int done, int tasks, Nanoseconds time, Nanoseconds total) {
    const Palette& colours = frame.colours;
    TimelineState& timeline = frame.model.timeline;
    const TextStyle title{frame.fonts.semibold, size::large, colours.text};
    const TextStyle quiet{frame.fonts.regular, size::small, colours.quiet};
    const TextStyle active{frame.fonts.regular, size::normal, colours.accent};
    draw_text(frame, {at.x, at.y + 5}, title, "The pictures");
    const std::string far =
        std::to_string(done) + " of " + std::to_string(tasks) + " done at " + time_text(to_ms(time));
    draw_text(frame, {at.x + text_size(title, "The pictures").x + 16, at.y + 7}, quiet, far);
    const char* label = timeline.replay.playing ? "stop" : "replay";
    const float right = at.x + width;
    const float words = text_size(active, label).x;
    draw_play_sign(frame, {right - words - 14, at.y + 14}, 5, colours.accent);
    if (link(frame, "replay", {right - words, at.y + 5}, active, label)) {
        timeline.replay = {!timeline.replay.playing, ImGui::GetTime()};
    }
    if (tasks > 0 && total > 0) {
        const float share = static_cast<float>(static_cast<double>(time) / static_cast<double>(total));
        frame.draw->AddRectFilled({at.x, at.y + 30}, {right, at.y + 33}, colours.line, 1.5f);
        frame.draw->AddRectFilled({at.x, at.y + 30}, {at.x + width * share, at.y + 33}, colours.accent, 1.5f);
    }
    return 42;
}

} // namespace

float draw_pictures(Frame& frame, ImVec2 at, float width) {
    frame.model.pictures_missing = false;
    if (frame.model.experiment->id != "image-processing") return 0;
    const VariantReport* run = frame.model.timeline_run();
    if (!run) return 0;
    // One a frame, so that the window stays quick.
    frame.model.pictures_missing = PictureAtlas::instance().make_next();
    const Trace& trace = run->median_run.trace;
    const std::vector<TaskSpan> spans = task_spans(trace, run->scenario.tasks.size());
    const Nanoseconds time = shown_time(frame, trace.end);
    const int tasks = static_cast<int>(spans.size());
    ImGui::PushID("pictures");
    float y = at.y + draw_title(frame, at, width, done_at(spans, time), tasks, time, trace.end);
    const int rows = tasks <= 5 ? 1 : tasks <= 24 ? 2 : 4;
    const int columns = std::max(4, (tasks + rows - 1) / rows);
    const float tile = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    const float tall = tile * 3 / 4;
    for (int index = 0; index < tasks; ++index) {
        const ImVec2 min{at.x + static_cast<float>(index % columns) * (tile + gap),
                         y + static_cast<float>(index / columns) * (tall + gap)};
        draw_picture(frame, index, progress_at(spans[static_cast<std::size_t>(index)], time), min,
                     {min.x + tile, min.y + tall});
    }
    ImGui::PopID();
    const int used = (tasks + columns - 1) / columns;
    y += static_cast<float>(used) * (tall + gap);
    const TextStyle quiet{frame.fonts.regular, size::small, frame.colours.quiet};
    const Origin origin = run->median_run.origin;
    y += draw_paragraph(frame, {at.x, y}, quiet,
                        words(run->name) + ", " + std::string(to_string(origin)) +
                            ", as in the timeline below. Pale: large and unsharp, waiting. Framed: its task is at "
                            "work. Clear: done. These pictures are "
                            "filtered by this window, with the code that the tasks run on a smaller one.",
                        width, 18);
    return y - at.y + 14;
}

} // namespace gil::ui
