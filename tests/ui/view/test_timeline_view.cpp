#include <catch2/catch_test_macros.hpp>

#include "ui/view/timeline_view.h"

using namespace gil;
using namespace gil::ui;

namespace {

/// Two lanes that change places every 5 ms.
std::vector<GilHold> hand_overs(int count) {
    std::vector<GilHold> holds;
    for (int i = 0; i <= count; ++i) {
        holds.push_back({i * 5 * millisecond, (i + 1) * 5 * millisecond, i % 2, ReleaseCause::interval_expired});
    }
    return holds;
}

Lane lane(const std::string& name, int interpreter) {
    Lane made;
    made.name = name;
    made.interpreter = interpreter;
    return made;
}

} // namespace

TEST_CASE("timeline view: zooming keeps what is under the pointer and stays inside the run") {
    TimelineView view = whole_view(second);
    CHECK(view.whole());
    view = zoomed(view, 4, 0.25);
    CHECK(std::fabs(view.time(0.25) - 0.25 * second) < 1);
    CHECK(std::fabs(view.length() - 0.25 * second) < 1);
    for (int i = 0; i < 200; ++i) view = zoomed(view, 2, 0.9);
    CHECK(view.length() >= shortest_view - 0.01);
    for (int i = 0; i < 200; ++i) view = zoomed(view, 0.5, 0.1);
    CHECK(view.whole());
}

TEST_CASE("timeline view: moving stops at both ends without changing the zoom") {
    TimelineView view = zoomed(whole_view(second), 10, 0.5);
    const double length = view.length();
    view = panned(view, -100);
    CHECK(view.begin == 0);
    CHECK(std::fabs(view.length() - length) < 1);
    view = panned(view, 100);
    CHECK(view.end == view.total);
    CHECK(std::fabs(view.length() - length) < 1);
}

TEST_CASE("timeline view: an empty run is no special case") {
    const TimelineView view = whole_view(0);
    CHECK(view.end > view.begin);
    CHECK(zoomed(view, 2, 0.5).length() > 0);
    CHECK_FALSE(range_text(view).empty());
    CHECK(first_view(0, {}).whole());
}

TEST_CASE("timeline view: few hand-overs are shown whole, many from the start") {
    CHECK(first_view(200 * millisecond, hand_overs(39)).whole());
    const TimelineView part = first_view(1'231 * millisecond, hand_overs(240));
    CHECK(part.begin == 0);
    CHECK(part.end == static_cast<double>(120 * millisecond));
    CHECK(range_text(part) == "0 to 120 of 1231 ms");
    CHECK(range_text(whole_view(1'231 * millisecond)) == "all 1231 ms");
}

TEST_CASE("timeline view: stepping finds the next and the previous hand-over") {
    const std::vector<GilHold> holds = hand_overs(10);
    CHECK(find_hand_over(holds, 0, +1) == 1);
    CHECK(find_hand_over(holds, 5e6, +1) == 2);
    CHECK(find_hand_over(holds, 5e6, -1) == -1);
    CHECK(find_hand_over(holds, 11e6, -1) == 2);
    CHECK(find_hand_over(holds, 50e6, +1) == -1);
    CHECK(find_hand_over({}, 0, +1) == -1);
}

TEST_CASE("timeline view: ticks are round, few and inside") {
    const TimelineView view = clamped({3e6, 124e6, 1'231e6});
    const std::vector<Tick> ticks = ticks_of(view, 6);
    REQUIRE_FALSE(ticks.empty());
    CHECK(ticks.size() <= 7);
    CHECK(ticks.front().label == "50 ms");
    for (const Tick& tick : ticks) {
        CHECK(tick.time >= view.begin);
        CHECK(tick.time <= view.end + 1);
    }
}

TEST_CASE("timeline view: only GILs that somebody can wait for get a row") {
    Trace trace;
    trace.lanes = {lane("parent", 0), lane("process 1", 1), lane("process 2", 2)};
    int with_gil = 0;
    CHECK(gil_rows_of(trace, with_gil).empty());
    CHECK(with_gil == 3);
    trace.lanes.push_back(lane("process 2, thread 2", 2));
    auto rows = gil_rows_of(trace, with_gil);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].interpreter == 2);
    trace.lanes = {lane("main thread", 0)};
    CHECK(gil_rows_of(trace, with_gil).size() == 1);
    trace.lanes[0].has_gil = false;
    CHECK(gil_rows_of(trace, with_gil).empty());
    CHECK(with_gil == 0);
}

TEST_CASE("timeline view: steps go through the hand-overs of all GILs in order of time") {
    std::vector<GilRow> rows = {{1, hand_overs(3)}, {2, hand_overs(3)}};
    for (GilHold& hold : rows[1].holds) {
        hold.begin += 2 * millisecond;
        hold.end += 2 * millisecond;
    }
    std::vector<Nanoseconds> seen;
    for (double time = 0;;) {
        const HandOver found = next_hand_over(rows, time, +1);
        if (!found.to) break;
        seen.push_back(found.to->begin / millisecond);
        time = static_cast<double>(found.to->begin);
    }
    CHECK(seen == std::vector<Nanoseconds>{5, 7, 10, 12, 15, 17});
    CHECK(next_hand_over(rows, 10e6, -1).to->begin == 7 * millisecond);
    CHECK(next_hand_over({}, 10e6, -1).to == nullptr);
}

TEST_CASE("timeline view: lanes have short marks") {
    CHECK(lane_mark("thread 12") == "12");
    CHECK(lane_mark("process 1, thread 3") == "3");
    CHECK(lane_mark("parent") == "P");
    CHECK(lane_mark("") == "");
}
