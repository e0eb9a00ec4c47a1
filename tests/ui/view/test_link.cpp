#include <catch2/catch_test_macros.hpp>

#include "ui/view/link.h"

using namespace gil::ui;

TEST_CASE("link: a state comes back as it was written") {
    Link link;
    link.experiment = "cpu-bound";
    link.fields = {{"tasks", "4"}, {"start_method", "spawn"}, {"view", "process_pool:fork"}};
    const std::string text = format_link(link);
    CHECK(text == "cpu-bound?tasks=4&start_method=spawn&view=process_pool:fork");
    const Link back = parse_link(text);
    CHECK(back.experiment == link.experiment);
    CHECK(back.fields == link.fields);
}

TEST_CASE("link: signs that mean something in an address are coded") {
    Link link;
    link.experiment = "a&b";
    link.fields = {{"x", "1 % = µ"}};
    const Link back = parse_link(format_link(link));
    CHECK(back.experiment == "a&b");
    CHECK(back.fields == link.fields);
}

TEST_CASE("link: whatever stands in an address is taken without failing") {
    CHECK(parse_link("").experiment.empty());
    CHECK(parse_link("#cpu-bound").experiment == "cpu-bound");
    CHECK(parse_link("?tasks=4").fields.size() == 1);
    CHECK(parse_link("x?&&=&a&b=").fields.size() == 3);
    CHECK(percent_decoded("100%") == "100%");
    CHECK(percent_decoded("%4") == "%4");
    CHECK(percent_decoded("%zz%41+") == "%zzA ");
}
