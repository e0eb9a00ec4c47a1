#include <catch2/catch_test_macros.hpp>

#include "ui/layout.h"

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
