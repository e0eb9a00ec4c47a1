// Signs that no font has, or that must be crisp at any size.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/widgets/widgets.h"

namespace gil::ui {

void draw_half_circle(Frame& frame, ImVec2 centre, float radius, ImU32 colour) {
    constexpr float quarter = std::numbers::pi_v<float> / 2;
    frame.draw->AddCircle(centre, radius, colour, 0, 1.5f);
    frame.draw->PathArcTo(centre, radius, quarter, 3 * quarter, 16);
    frame.draw->PathFillConvex(colour);
}

void draw_menu_sign(Frame& frame, ImVec2 centre, ImU32 colour) {
    for (const float y : {-5.0f, 0.0f, 5.0f}) {
        frame.draw->AddRectFilled({centre.x - 7, centre.y + y - 0.75f}, {centre.x + 7, centre.y + y + 0.75f}, colour);
    }
}

void draw_play_sign(Frame& frame, ImVec2 centre, float radius, ImU32 colour) {
    frame.draw->AddTriangleFilled({centre.x - radius * 0.8f, centre.y - radius}, {centre.x + radius, centre.y},
                                  {centre.x - radius * 0.8f, centre.y + radius}, colour);
}

void draw_hatch(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 strong, ImU32 pale) {
    list->AddRectFilled(min, max, pale);
    constexpr float period = 8;
    constexpr float width = 4;
    const float height = max.y - min.y;
    if (max.x - min.x < 3) {
        list->AddRectFilled(min, max, faded(strong, 0.55f));
        return;
    }
    // Each stripe is a parallelogram that leans right by its height; cut it at both ends by hand, since a clip
    // rectangle per interval would cost a draw call each.
    for (float foot = std::floor((min.x - height) / period) * period; foot < max.x; foot += period) {
        const auto y_at = [&](float x, float start) { return max.y - std::clamp(x - start, 0.0f, height); };
        const float left = std::max(foot, min.x);
        const float right = std::min(foot + width + height, max.x);
        if (right <= left) continue;
        // Corners from the left cut along the upper edge to the right cut, and back along the lower edge.
        ImVec2 points[8];
        int count = 0;
        const auto add = [&](float x, float y) { points[count++] = {x, y}; };
        add(left, y_at(left, foot));
        const float top_left = foot + height;
        if (top_left > left && top_left < right) add(top_left, min.y);
        add(right, y_at(right, foot));
        add(right, y_at(right, foot + width));
        const float low_right = foot + width;
        if (low_right > left && low_right < right) add(low_right, max.y);
        add(left, y_at(left, foot + width));
        list->AddConvexPolyFilled(points, count, strong);
    }
}

} // namespace gil::ui
