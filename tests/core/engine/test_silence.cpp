#include <catch2/catch_test_macros.hpp>

#include "core/engine/silence.h"

using namespace gil;

TEST_CASE("Silence.an engine that says nothing for 5 s is told of, in steps, and no more when it speaks") {
    Silence silence;
    CHECK(silence.look(100 * second, false).words.empty());
    silence.heard(100 * second);
    CHECK(silence.look(104 * second, false).words.empty());
    CHECK(silence.look(105 * second, false).words == "the engine has said nothing for 5 s");
    CHECK(silence.look(109 * second, false).words == "the engine has said nothing for 5 s");
    CHECK(silence.look(110 * second, false).words == "the engine has said nothing for 10 s");
    silence.heard(111 * second);
    CHECK(silence.look(112 * second, false).words.empty());
    silence.over();
    CHECK(silence.look(999 * second, false).words.empty());
    CHECK_FALSE(silence.look(9'999 * second, true).lost);
}

TEST_CASE("Silence.a long run is no silence, but an engine that is stopped in it is told of after 5 s") {
    Silence silence;
    silence.heard(0, 20 * second);
    CHECK(silence.look(40 * second, false).words.empty());
    CHECK(silence.look(41 * second, true).words.empty());
    CHECK(silence.look(46 * second, true).words == "the engine has been stopped from outside for 5 s");
    // The time that it was stopped is not its silence.
    CHECK(silence.look(81 * second, false).words.empty());
    CHECK(silence.look(104 * second, false).words.empty());
    CHECK(silence.look(105 * second, false).words == "the engine has said nothing for 65 s");
}

TEST_CASE("Silence.has an end: a minute for an engine that is stopped, longer than its workers' limit for others") {
    Silence silence;
    silence.heard(0, 10 * second);
    CHECK_FALSE(silence.look(524 * second, false).lost);
    CHECK(silence.look(525 * second, false).lost);
    CHECK(silence.look(525 * second, false).words.starts_with("the engine did not answer within 525 s"));
    silence.heard(600 * second, 10 * second);
    CHECK_FALSE(silence.look(610 * second, true).lost);
    CHECK_FALSE(silence.look(669 * second, true).lost);
    CHECK(silence.look(670 * second, true).lost);
    CHECK(silence.look(670 * second, true).words ==
          "the engine was stopped from outside and did not go on within 60 s");

    Silence impatient(SilenceLimits{second, 60 * second, second});
    impatient.heard(0, 1'000 * second);
    CHECK_FALSE(impatient.look(2 * second, false).lost);
    CHECK(impatient.look(3 * second, false).lost);
    CHECK(impatient.period() == second / 4);
}
