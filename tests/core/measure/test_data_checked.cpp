// What arrives is looked at, and what cannot be understood ends the run in words: messages are spoiled on their way.
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <optional>
#include <utility>

#include "core/measure/child_message.h"
#include "core/measure/functions.h"
#include "core/measure/measure.h"
#include "core/measure/program.h"
#include "core/scenario/task_errors.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::TestHost;

namespace {

constexpr std::int64_t data_bytes = 1'000;

/// Two tasks in two workers, each with an argument, a result and something for the queue.
Scenario talking(ExecutionModel model) {
    Scenario scenario =
        test::test_scenario(model, 2, 2, {Compute{Kernel::sum_of_squares, millisecond}, Send{data_bytes}});
    for (Task& task : scenario.tasks) task.argument_bytes = task.result_bytes = data_bytes;
    if (model == ExecutionModel::hybrid) scenario.hybrid = HybridKind::asyncio;
    return scenario;
}

Result<Run> run_on(TestHost& host, const Scenario& scenario) {
    std::optional<Result<Run>> result;
    measure_once(host, scenario, test::test_speeds(), [&](Result<Run> run) { result = std::move(run); });
    REQUIRE(host.run_loop());
    REQUIRE(result);
    return std::move(*result);
}

bool is_right(const Scenario& scenario, const Run& run) {
    return outputs_are_right(scenario, test::test_speeds(), run.outputs);
}

bool is_kind(const Bytes& message, ChildMessage kind) {
    return !message.empty() && message[0] == static_cast<std::uint8_t>(kind);
}

const ExecutionModel talkative[] = {ExecutionModel::processes, ExecutionModel::process_pool, ExecutionModel::hybrid};

} // namespace

TEST_CASE("Payload.a changed byte is noticed wherever it is") {
    for (const std::int64_t size : {1, 7, 8, 9, 64, 1'003}) {
        Bytes bytes = make_payload(size, 5);
        CHECK(is_payload(bytes, 5));
        CHECK_FALSE(is_payload(bytes, 6));
        for (std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
            bytes[at] ^= 1;
            CHECK_FALSE(is_payload(bytes, 5));
            bytes[at] ^= 1;
        }
    }
    const Bytes long_one = make_payload(160);
    CHECK(is_payload(std::span(long_one).subspan(80), 10));
}

TEST_CASE("Payload.no task's data pass for another's, nor an argument for a result") {
    const Bytes buffer = make_payload_buffer(data_bytes, 3);
    for (const DataKind kind : {DataKind::argument, DataKind::result, DataKind::message}) {
        for (std::size_t task = 0; task < 3; ++task) {
            const auto data = data_of(buffer, task, kind, data_bytes);
            CHECK(is_data_of(data, task, kind));
            CHECK_FALSE(is_data_of(data, (task + 1) % 3, kind));
            CHECK_FALSE(is_data_of(data, task, kind == DataKind::argument ? DataKind::result : DataKind::argument));
        }
    }
    CHECK(make_payload_buffer(0, 3).empty());
}

TEST_CASE("DataChecked.whole data are right in every model with processes") {
    for (const ExecutionModel model : talkative) {
        TestHost host;
        const Scenario scenario = talking(model);
        const auto run = run_on(host, scenario);
        REQUIRE(run);
        CHECK(is_right(scenario, run.value()));
        for (const TaskOutput& output : run.value().outputs) CHECK(output.bytes == 2 * data_bytes);
    }
}

TEST_CASE("DataChecked.a byte that changes on its way to a worker is found out") {
    for (const ExecutionModel model : talkative) {
        TestHost host;
        host.to_child = [](Bytes& message) {
            if (is_kind(message, ChildMessage::argument) || is_kind(message, ChildMessage::items)) message.back() ^= 1;
        };
        const Scenario scenario = talking(model);
        const auto run = run_on(host, scenario);
        REQUIRE(run);
        INFO(to_string(model));
        CHECK_FALSE(is_right(scenario, run.value()));
    }
}

TEST_CASE("DataChecked.a byte that changes on its way back is found out") {
    for (const ExecutionModel model : talkative) {
        TestHost host;
        host.from_child = [](Bytes& message) {
            if (is_kind(message, ChildMessage::result) || is_kind(message, ChildMessage::results)) message.back() ^= 1;
        };
        const Scenario scenario = talking(model);
        const auto run = run_on(host, scenario);
        REQUIRE(run);
        INFO(to_string(model));
        CHECK_FALSE(is_right(scenario, run.value()));
    }
}

TEST_CASE("DataChecked.data that go to the wrong task are found out") {
    TestHost host;
    // Both children are told that the data are the other task's.
    host.from_child = [](Bytes& message) {
        if (!is_kind(message, ChildMessage::result)) return;
        const auto data = decode_data(message);
        const Bytes bytes(data.value().bytes.begin(), data.value().bytes.end());
        message = encode_data(ChildMessage::result, 1 - data.value().task, bytes);
    };
    const Scenario scenario = talking(ExecutionModel::processes);
    const auto run = run_on(host, scenario);
    REQUIRE(run);
    CHECK_FALSE(is_right(scenario, run.value()));
}

TEST_CASE("DataChecked.a message that cannot be read ends the run, and says so") {
    const std::pair<ExecutionModel, ChildMessage> cases[] = {
        {ExecutionModel::processes, ChildMessage::result},     {ExecutionModel::processes, ChildMessage::put},
        {ExecutionModel::process_pool, ChildMessage::results}, {ExecutionModel::process_pool, ChildMessage::put},
        {ExecutionModel::process_pool, ChildMessage::begun},   {ExecutionModel::hybrid, ChildMessage::results},
    };
    for (const auto& [model, kind] : cases) {
        TestHost host;
        host.from_child = [spoiled = kind](Bytes& message) {
            if (is_kind(message, spoiled)) message.resize(3);
        };
        const auto run = run_on(host, talking(model));
        INFO(to_string(model) << ", message " << static_cast<int>(kind));
        REQUIRE_FALSE(run);
        CHECK(run.error().what.find("cut off") != std::string::npos);
        CHECK(run.error().where.starts_with("process "));
    }
}

TEST_CASE("DataChecked.a message of no known kind ends the run, and says so") {
    for (const ExecutionModel model : talkative) {
        TestHost host;
        host.from_child = [](Bytes& message) { message[0] = 99; };
        const auto run = run_on(host, talking(model));
        INFO(to_string(model));
        REQUIRE_FALSE(run);
        CHECK(run.error().what.find("unknown message") != std::string::npos);
    }
}

TEST_CASE("DataChecked.a worker of a pool that hears rubbish says so instead of going on") {
    TestHost host;
    host.to_child = [](Bytes& message) {
        if (is_kind(message, ChildMessage::items)) message.resize(message.size() - 1);
    };
    const auto run = run_on(host, talking(ExecutionModel::process_pool));
    REQUIRE_FALSE(run);
    CHECK(run.error().what.find("cut off") != std::string::npos);
}

TEST_CASE("Functions.a function is found by its name, and a lambda has none to be found by") {
    REQUIRE(find_function("run_steps") != nullptr);
    CHECK(find_function("<lambda>") == nullptr);
    CHECK(find_function("") == nullptr);
    Task task;
    CHECK(pickled_function(task).value() == "run_steps");
    task.is_lambda = true;
    // The simulator says the same words.
    CHECK(pickled_function(task).error().what == lambda_error);
}

TEST_CASE("Functions.a task whose function is not in the worker's table fails there, and the others go on") {
    TestHost host;
    std::atomic<int> spoiled = 0;
    host.to_child = [&](Bytes& message) {
        if (!is_kind(message, ChildMessage::items) || spoiled++ > 0) return;
        auto items = decode_items(message).value();
        items.items.front().function = "gone";
        message = encode_items(items.items, std::vector<std::span<const std::uint8_t>>(items.data));
    };
    const Scenario scenario = test::test_scenario(ExecutionModel::process_pool, 1, 3, {Compute{Kernel::parsing, 1}});
    const auto run = run_on(host, scenario);
    REQUIRE(run);
    CHECK(run.value().outputs[0].error == "AttributeError: there is no gone");
    CHECK(run.value().outputs[1].error.empty());
    CHECK(run.value().outputs[2].error.empty());
}

TEST_CASE("Functions.a lambda is refused where functions travel by name, in every model and start method") {
    for (const ExecutionModel model : test::all_models) {
        for (const StartMethod method : {StartMethod::fork, StartMethod::forkserver, StartMethod::spawn}) {
            TestHost host;
            Scenario scenario = test::test_scenario(model, 2, 3, {Compute{Kernel::sum_of_squares, 1'000}});
            scenario.start_method = method;
            scenario.tasks[1].is_lambda = true;
            const auto run = run_on(host, scenario);
            REQUIRE(run);
            const bool travels = model == ExecutionModel::process_pool || model == ExecutionModel::hybrid ||
                                 model == ExecutionModel::subinterpreters ||
                                 (model == ExecutionModel::processes && method != StartMethod::fork);
            INFO(to_string(model) << ", " << to_string(method));
            CHECK(run.value().outputs[1].error == (travels ? lambda_error : ""));
            CHECK(run.value().outputs[0].error.empty());
            CHECK(run.value().outputs[2].error.empty());
            CHECK(is_right(scenario, run.value()));
        }
    }
}
