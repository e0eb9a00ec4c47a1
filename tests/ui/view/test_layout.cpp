#include <catch2/catch_test_macros.hpp>

#include "ui/view/layout.h"

using namespace gil::ui;

TEST_CASE("layout: a wide window shows the list, the main column and the code side by side") {
    const Layout layout = layout_of(1440, 900, false);
    CHECK(layout.list.width == 232);
    CHECK(layout.code.shown());
    CHECK(layout.list.width + layout.main.width + layout.code.width == 1440);
    CHECK_FALSE(layout.code_below);
}

TEST_CASE("layout: from 700 to 1100 px the code stands below, under 700 px the list is a menu") {
    CHECK(layout_of(1099, 800, false).code_below);
    const Layout vast = layout_of(3000, 2000, false);
    CHECK(vast.main.width == widest_content + 2 * vast.margin);
    CHECK(vast.code.x == vast.main.x + vast.main.width);
    CHECK(layout_of(700, 800, false).list.shown());
    const Layout phone = layout_of(390, 844, false);
    CHECK(phone.narrow);
    CHECK_FALSE(phone.list.shown());
    CHECK(phone.main.width == 390);
}

TEST_CASE("layout: an embedded page has neither header nor list nor code") {
    const Layout layout = layout_of(1440, 450, true);
    CHECK_FALSE(layout.header.shown());
    CHECK_FALSE(layout.list.shown());
    CHECK_FALSE(layout.code.shown());
    CHECK(layout.main.width == 1440);
}

TEST_CASE("layout: nothing has a negative size in a tiny window") {
    const Layout layout = layout_of(1, 1, false);
    CHECK(layout.main.width >= 0);
    CHECK(layout.main.height > 0);
}

TEST_CASE("layout: knobs fill their rows evenly") {
    CHECK(knob_columns(768, 6) == 3);
    CHECK(knob_columns(768, 4) == 4);
    CHECK(knob_columns(358, 6) == 2);
    CHECK(knob_columns(100, 6) == 1);
    CHECK(knob_columns(768, 1) == 1);
}

TEST_CASE("layout: a choice with long names gets several columns, and the next knob fills the gap it leaves") {
    const float needs[] = {0, 0, 0, 430, 0, 180, 0};
    const auto cells = knob_cells(needs, 636);
    REQUIRE(cells.size() == 7);
    CHECK(cells[2].column == 2);
    CHECK(cells[3].row == 1);
    CHECK(cells[3].span == 3);
    CHECK(cells[4].row == 2);
    const float gap[] = {0, 600, 0};
    CHECK(knob_cells(gap, 400)[2].row == 0);
    CHECK(knob_cells(gap, 400)[2].column == 1);
    CHECK(cells[5].span == 1);
    for (const KnobCell& cell : knob_cells(needs, 358)) CHECK(cell.column + cell.span <= 2);
    for (const KnobCell& cell : knob_cells(needs, 100)) CHECK(cell.span == 1);
}

TEST_CASE("layout: parts that do not fit on a line go on in the next") {
    const float parts[] = {100, 100, 100, 100, 500};
    CHECK(lines_of_parts(parts, 1'000) == std::vector<int>{5});
    const float equal[] = {90, 90, 90, 90, 90, 90};
    CHECK(lines_of_parts(equal, 500) == std::vector<int>{3, 3});
    CHECK(lines_of_parts(parts, 250) == std::vector<int>{2, 2, 1});
    CHECK(lines_of_parts(parts, 10) == std::vector<int>{1, 1, 1, 1, 1});
}
