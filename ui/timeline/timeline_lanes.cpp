#include <algorithm>
#include <array>
#include <cmath>

#include "ui/timeline/timeline.h"

namespace gil::ui {

namespace {

/// Height of a running block for a lane's pitch.
float block_height(float pitch) {
    return pitch >= 20 ? pitch - 6 : std::max(2.0f, pitch - 2);
}

float wait_height(float pitch) {
    return pitch >= 20 ? 8.0f : std::max(2.0f, pitch * 0.35f);
}

/// Draws one lane's intervals, merging those that are narrower than a pixel.
class LanePainter {
  public:
    LanePainter(Frame& frame, const TimelineArea& area, float top) : frame_(frame), area_(area) {
        middle_ = top + area.pitch / 2;
        tall_ = block_height(area.pitch) / 2;
        thin_ = wait_height(area.pitch) / 2;
    }

    void add(const Interval& interval) {
        const TimelineView& view = frame_.model.timeline.view;
        const float x0 = std::max(area_.left, area_.x_of(view, static_cast<double>(interval.begin)));
        const float x1 = std::min(area_.right, area_.x_of(view, static_cast<double>(interval.end)));
        if (x1 - x0 >= 1) {
            flush();
            block(interval.state, x0, x1, 1);
            return;
        }
        if (crumbs_ && x1 > crumbs_begin_ + 1) flush();
        if (!crumbs_) {
            crumbs_begin_ = x0;
            share_ = {};
            crumbs_ = true;
        }
        share_[static_cast<std::size_t>(interval.state)] += x1 - x0;
        crumbs_end_ = x1;
    }

    /// Draws the collected narrow intervals as one pixel: what waits most, and running as dense as its share.
    void flush() {
        if (!crumbs_) return;
        crumbs_ = false;
        const float x1 = std::max(crumbs_end_, crumbs_begin_ + 1);
        float total = 0;
        for (const float part : share_) total += part;
        const State work =
            share_[index_of(State::native)] > share_[index_of(State::running)] ? State::native : State::running;
        const float ran = share_[index_of(State::running)] + share_[index_of(State::native)];
        share_[index_of(State::running)] = share_[index_of(State::native)] = 0;
        const auto most = static_cast<std::size_t>(std::max_element(share_.begin(), share_.end()) - share_.begin());
        if (share_[most] > 0) block(static_cast<State>(most), crumbs_begin_, x1, 1);
        if (ran > 0) block(work, crumbs_begin_, x1, std::clamp(ran / std::max(total, 1e-6f), 0.25f, 1.0f));
    }

  private:
    static constexpr std::size_t index_of(State state) { return static_cast<std::size_t>(state); }
    void block(State state, float x0, float x1, float density) {
        draw_state(frame_, state, x0, x1, middle_, tall_, thin_, density);
    }

    Frame& frame_;
    const TimelineArea& area_;
    float middle_ = 0;
    float tall_ = 0;
    float thin_ = 0;
    bool crumbs_ = false;
    float crumbs_begin_ = 0;
    float crumbs_end_ = 0;
    std::array<float, state_count> share_{};
};

} // namespace

void draw_lanes(Frame& frame, const TimelineArea& area, const Trace& trace) {
    const TimelineView& view = frame.model.timeline.view;
    const TextStyle label{frame.fonts.regular, size::small, frame.colours.quiet};
    // Low lanes have no room for every name.
    const int every = std::max(1, static_cast<int>(std::ceil(13.5f / area.pitch)));
    for (int row = 0; row < area.lane_count; ++row) {
        const Lane& lane = trace.lanes[static_cast<std::size_t>(area.first_lane + row)];
        const float top = area.top + static_cast<float>(row) * area.pitch;
        if (!ImGui::IsRectVisible({area.label_x, top}, {area.right, top + area.pitch})) continue;
        if (row % every == 0) {
            const float y = top + area.pitch / 2 - text_size(label, lane.name).y / 2;
            draw_text(frame, {area.label_x, y}, label, shortened(label, lane.name, area.left - area.label_x - 8));
        }
        LanePainter painter(frame, area, top);
        const auto first =
            std::partition_point(lane.intervals.begin(), lane.intervals.end(), [&](const Interval& interval) {
                return static_cast<double>(interval.end) <= view.begin;
            });
        for (auto at = first; at != lane.intervals.end() && static_cast<double>(at->begin) < view.end; ++at) {
            painter.add(*at);
        }
        painter.flush();
    }
}

const Interval* interval_at(const Lane& lane, double time) {
    const auto found =
        std::partition_point(lane.intervals.begin(), lane.intervals.end(),
                             [&](const Interval& interval) { return static_cast<double>(interval.end) <= time; });
    if (found == lane.intervals.end() || static_cast<double>(found->begin) > time) return nullptr;
    return &*found;
}

} // namespace gil::ui
