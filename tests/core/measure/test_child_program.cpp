// What a child says when: a run must not pay for its own record.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/measure/child_program.h"
#include "core/measure/measure.h"
#include "core/measure/worker_process.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::TestHost;

namespace {

/// A child without a parent: what it said, by kind, and whether it has left.
struct Alone {
    TestHost host;
    std::vector<ChildMessage> said;
    bool left = false;
    ChildProgram program{host, [this](const Bytes& message) { said.push_back(kind_of(message).value()); },
                         [this] { left = true; }};

    void say(ChildMessage kind) { program.receive(encode_kind(kind)); }
    /// Its job, which is two tasks of a millisecond.
    void give_job(bool is_pool) {
        ChildJob job;
        job.is_pool = is_pool;
        job.task_indices = {0, 1};
        job.speeds = test::test_speeds();
        job.scenario =
            test::test_scenario(ExecutionModel::sequential, 1, 2, {Compute{Kernel::sum_of_squares, millisecond}});
        program.receive(encode(job));
    }
};

using Said = std::vector<ChildMessage>;

} // namespace

TEST_CASE("ChildProgram.a child works once all is said, and reports once its parent closes the line") {
    Alone child;
    child.give_job(false);
    CHECK(child.host.run_loop());
    CHECK(child.said.empty());
    child.say(ChildMessage::start);
    CHECK(child.host.run_loop());
    CHECK(child.said == Said{ChildMessage::done});
    CHECK_FALSE(child.left);
    child.say(ChildMessage::start); // too late to mean anything
    child.program.closed();
    CHECK(child.said == Said{ChildMessage::done, ChildMessage::report});
    CHECK(child.left);
}

TEST_CASE("ChildProgram.a pool's worker is done when its parent says stop") {
    Alone child;
    child.give_job(true);
    child.program.receive(
        encode_items(std::vector<ChildItem>{{0, "run_steps", 0, 0, 0, 0, 0}, {1, "run_steps", 0, 0, 0, 0, 0}},
                     std::vector<std::span<const std::uint8_t>>(2)));
    CHECK(child.host.run_loop());
    CHECK(child.said == Said{ChildMessage::results});
    child.say(ChildMessage::stop);
    CHECK(child.said == Said{ChildMessage::results, ChildMessage::done});
    CHECK_FALSE(child.left);
    child.program.closed();
    CHECK(child.said == Said{ChildMessage::results, ChildMessage::done, ChildMessage::report});
    CHECK(child.left);
}

TEST_CASE("ChildProgram.a parent that goes away early leaves no child behind") {
    Alone nothing;
    nothing.program.closed();
    CHECK(nothing.said == Said{ChildMessage::error});
    CHECK(nothing.left);

    Alone never_started;
    never_started.give_job(false);
    never_started.program.closed();
    CHECK(never_started.said == Said{ChildMessage::error});
    CHECK(never_started.left);

    Alone at_work;
    at_work.give_job(false);
    at_work.say(ChildMessage::start);
    at_work.program.closed();
    CHECK(at_work.host.run_loop());
    CHECK(at_work.said.back() == ChildMessage::report);
    CHECK(at_work.left);

    Alone idle_worker;
    idle_worker.give_job(true);
    idle_worker.program.closed();
    CHECK(idle_worker.said == Said{ChildMessage::report});
    CHECK(idle_worker.left);
}

TEST_CASE("ChildProgram.the time of telling is no part of a run") {
    // Done after 10 ms; the report took from 12 to 60, the end 3 more.
    CHECK(ChildTimes{10 * millisecond, 60 * millisecond, 63 * millisecond}.end() == 13 * millisecond);
    // One that died never said anything.
    CHECK(ChildTimes{0, 0, 20 * millisecond}.end() == 20 * millisecond);
}
