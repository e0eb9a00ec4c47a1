#include <catch2/catch_test_macros.hpp>

#include "core/measure/child_message.h"
#include "tests/support/test_host.h"

using namespace gil;

TEST_CASE("ChildMessage.jobs and reports survive the journey, also an empty job") {
    ChildJob job;
    job.worker = 2;
    job.is_pool = job.says_begun = true;
    job.task_indices = {2, 5};
    job.scenario = test::test_scenario(ExecutionModel::sequential, 1, 2,
                                       {Compute{Kernel::sum_of_squares, 5}, Send{100}, Increment{Counter::value, 3}});
    job.scenario.tasks[0].argument_bytes = 77;
    job.speeds.kernels[0] = {0.4321, 115};
    job.speeds.operation_ns[3] = 12.5;
    const Bytes bytes = encode(job);
    REQUIRE(kind_of(bytes).value() == ChildMessage::job);
    auto read = decode_job(bytes);
    REQUIRE(read);
    CHECK(read.value().scenario == job.scenario);
    CHECK(read.value().task_indices == job.task_indices);
    CHECK(read.value().is_pool);
    CHECK(read.value().speeds.kernels[0].ns_per_turn == 0.4321);
    CHECK(read.value().speeds.operation_ns[3] == 12.5);
    auto empty = decode_job(encode(ChildJob{}));
    REQUIRE(empty);
    CHECK(empty.value().scenario.tasks.empty());

    ChildReport report;
    report.lanes.resize(1);
    report.lanes[0].name = "process 3";
    report.lanes[0].intervals = {{1'000, 2'000, State::running, ReleaseCause::task_end, 5}};
    report.outputs = {{3, 0xffffffffffffffffu, 5, "ValueError: no"}};
    report.observations = {{"value", 4, 5, {}}, {"exit", 0, 0, "words"}};
    auto back = decode_report(encode(report));
    REQUIRE(back);
    CHECK(back.value().lanes == report.lanes);
    CHECK(back.value().outputs == report.outputs);
    CHECK(back.value().observations == report.observations);
}

TEST_CASE("ChildMessage.items and results carry their data") {
    const Bytes payload = make_payload(1'001);
    const std::vector<ChildItem> items = {{7, "run_steps", 1, 2, 1'001, 33, 0}, {8, "", 0, 0, 0, 0, 0}};
    const std::vector<std::span<const std::uint8_t>> data = {payload, {}};
    const Bytes message = encode_items(items, data);
    auto read = decode_items(message);
    REQUIRE(read);
    REQUIRE(read.value().items.size() == 2);
    CHECK(read.value().items[0].task == 7);
    CHECK(read.value().items[0].function == "run_steps");
    CHECK(read.value().items[0].step_count == 2);
    CHECK(read.value().items[0].result_bytes == 33);
    CHECK(is_payload(read.value().data[0]));
    CHECK(read.value().data[0].size() == 1'001);
    CHECK(read.value().data[1].empty());

    const std::vector<ItemResult> results = {{7, {1, 2, 3, "error"}, 0}, {8, {4, 5, 6, ""}, 1'001}};
    const std::vector<std::span<const std::uint8_t>> result_data = {{}, payload};
    const Bytes answer = encode_results(results, result_data);
    auto back = decode_results(answer);
    REQUIRE(back);
    CHECK(back.value().results[0].output == results[0].output);
    CHECK(back.value().results[1].result_bytes == 1'001);
    CHECK(is_payload(back.value().data[1]));
}

TEST_CASE("ChildMessage.whatever is cut off is an error, at every length") {
    const Bytes payload = make_payload(40);
    const std::vector<ChildItem> items = {{7, "run_steps", 1, 2, 40, 0, 0}};
    const std::vector<std::span<const std::uint8_t>> data = {payload};
    const Bytes whole = encode_items(items, data);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        CHECK_FALSE(decode_items(std::span(whole).first(size)));
    }
    CHECK_FALSE(kind_of({}));
    CHECK_FALSE(kind_of(Bytes{99}));
    CHECK_FALSE(decode_job(Bytes{0, 1, 2, 3}));
    CHECK_FALSE(decode_report(Bytes{6, 0x80}));
    CHECK_FALSE(decode_begun(Bytes{3, 1}));
}
