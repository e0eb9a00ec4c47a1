// The GIL's decisions one by one (facts: Python/ceval_gil.c). Each test fails when its rule is taken out.
#include <catch2/catch_test_macros.hpp>

#include "core/gil/gil_protocol.h"
#include "core/scenario/scenario.h"

using gil::GilState;

TEST_CASE("GilProtocol.the default switch interval is 5 ms") {
    CHECK(gil::Interpreter{}.switch_interval == 5 * gil::millisecond);
}

TEST_CASE("GilProtocol.a drop is requested only after a wait that timed out") {
    GilState state;
    state.take(0);
    CHECK(state.may_request_drop(true, state.switch_number));
    CHECK_FALSE(state.may_request_drop(false, state.switch_number));
}

TEST_CASE("GilProtocol.a drop is requested only while the lock is still held") {
    GilState state;
    state.take(0);
    const auto before = state.switch_number;
    state.drop();
    CHECK_FALSE(state.may_request_drop(true, before));
}

TEST_CASE("GilProtocol.any switch restarts a waiter's patience") {
    GilState state;
    state.take(0);
    const auto before = state.switch_number;
    state.drop();
    state.take(1);
    CHECK_FALSE(state.may_request_drop(true, before));
    CHECK(state.may_request_drop(true, state.switch_number));
}

TEST_CASE("GilProtocol.the switch number rises only when the holder changes") {
    GilState state;
    state.take(0);
    const auto first = state.switch_number;
    state.drop();
    state.take(0);
    CHECK(state.switch_number == first);
    state.drop();
    state.take(1);
    CHECK(state.switch_number == first + 1);
}

TEST_CASE("GilProtocol.a requested drop waits for the switch, a voluntary one does not") {
    GilState state;
    state.take(0);
    state.drop();
    CHECK(state.must_await_switch(true, 0));
    CHECK_FALSE(state.must_await_switch(false, 0));
    state.take(1);
    CHECK_FALSE(state.must_await_switch(true, 0));
}
