// gilplay simulate and scenario --simulate at their limits: where they stop, what is told, which files are left.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/scenario/scenario_json.h"
#include "tests/native/schema.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native::test;

namespace {

/// `tasks` equal tasks of `steps` equal steps.
std::string scenario_text(ExecutionModel model, int tasks, std::size_t steps, const Step& step) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = 1'024;
    scenario.interpreter.switch_interval = from_ms(limits::min_switch_interval_ms);
    const SharedList<Step> list(std::vector<Step>(steps, step));
    for (int i = 0; i < tasks; ++i) scenario.tasks.push_back({"task", list});
    return dump_json(to_json(scenario));
}

std::string contents_of_file(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

} // namespace

TEST_CASE("simulate: bad limits are refused, and need --simulate in scenario", "[native][limits]") {
    const TimeLimit limit(120);
    for (const char* option : {"--max-events", "--max-memory"}) {
        for (const char* value : {"0", "-1", "", "1.5", "many", "0x10", "99999999999999999999", "1e300"}) {
            const Finished finished = run_gilplay({"simulate", "cpu-bound", option, value});
            INFO(option << " " << value << ": " << finished.err);
            CHECK(finished.status == 2);
            CHECK(finished.out.empty());
            CHECK(finished.err.find("accepted: 1 to ") != std::string::npos);
            CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
        }
        const Finished finished = run_gilplay({"scenario", "-", option, "5"}, "{}");
        CHECK(finished.status == 2);
        CHECK(finished.err.find("need --simulate") != std::string::npos);
    }
}

TEST_CASE("simulate: what was stopped says where, judges nothing and ends with status 1", "[native][limits]") {
    const TimeLimit limit(120);
    const std::vector<std::string> arguments = {"simulate", "cpu-bound", "--max-events",
                                                "1000",     "--set",     "work_ms=2000"};
    auto with_json = arguments;
    with_json.push_back("--json");
    const Finished json = run_gilplay(with_json);
    CHECK(json.status == 1);
    const auto document = parse_json(json.out, "report");
    REQUIRE(document);
    CHECK(gil::test::schema_faults(repository_json("docs/report.schema.json"), document.value()).empty());
    CHECK(document.value()["verdict"]["holds"].is_null());
    int stopped = 0;
    for (const Json& variant : document.value()["variants"]) {
        if (!variant.contains("stopped")) continue;
        ++stopped;
        CHECK(variant["speedup"].is_null());
        CHECK(variant["stopped"]["limit"] == "events");
        CHECK(variant["stopped"]["at_ms"] == variant["wall_ms"]["median"]);
        const std::string line =
            "gilplay: " + variant["name"].get<std::string>() + ": " + variant["stopped"]["why"].get<std::string>();
        CHECK(json.err.find(line + " (--max-events)\n") != std::string::npos);
    }
    CHECK(stopped > 0);
    CHECK(std::count(json.err.begin(), json.err.end(), '\n') == stopped);

    const Finished table = run_gilplay(arguments);
    CHECK(table.status == 1);
    CHECK(table.out.find("until it was stopped at ") != std::string::npos);
    auto with_csv = arguments;
    with_csv.push_back("--csv");
    CHECK(run_gilplay(with_csv).out.find("stopped at ") != std::string::npos);
}

TEST_CASE("simulate: a trace that does not fit is cut short, its figures are not", "[native][limits]") {
    const TimeLimit limit(120);
    const std::string text = scenario_text(ExecutionModel::threads, 2, 1, Compute{Kernel::sum_of_squares, 20 * second});
    const Finished whole = run_gilplay({"scenario", "-", "--simulate", "--json"}, text);
    const Finished cut = run_gilplay({"scenario", "-", "--simulate", "--json", "--max-memory", "1"}, text);
    REQUIRE(whole.status == 0);
    REQUIRE(cut.status == 0);
    Json expected = parse_json(whole.out, "whole").value();
    Json got = parse_json(cut.out, "cut").value();
    CHECK(expected["variants"][0]["dropped_intervals"] == 0);
    CHECK(got["variants"][0]["dropped_intervals"] > 100'000);
    expected["variants"][0].erase("dropped_intervals");
    got["variants"][0].erase("dropped_intervals");
    CHECK(got == expected);
}

TEST_CASE("simulate: the largest scenarios end within their time and memory, with a valid document",
          "[native][limits][long][attack]") {
    const TimeLimit limit(500);
    struct Largest {
        const char* what;
        ExecutionModel model;
        int tasks;
        std::size_t steps;
        Step step;
        int status;
    };
    const Step wait = Wait{WaitKind::sleep, millisecond};
    const Step longest = Compute{Kernel::sum_of_squares, 60 * second};
    const Largest all[] = {{"ten million waits", ExecutionModel::asyncio, 10'000, 1'000, wait, 1},
                           {"ten million steps", ExecutionModel::sequential, 10'000, 1'000, longest, 0},
                           {"a thousand threads", ExecutionModel::threads, 10'000, 1'000, longest, 1},
                           {"a minute of taking turns", ExecutionModel::threads, 2, 1, longest, 0}};
    for (const Largest& each : all) {
        INFO(each.what);
        const std::string trace = "/tmp/gilplay-limits-" + std::to_string(::getpid());
        // 1 GB, with what the program and its libraries reserve without using it.
        const Finished finished = run_program(
            "/bin/sh", {"-c", "ulimit -v 1100000; exec " + gilplay + " scenario - --simulate --json --trace " + trace},
            scenario_text(each.model, each.tasks, each.steps, each.step));
        CAPTURE(finished.err);
        CHECK(finished.status == each.status);
        const auto document = parse_json(finished.out, "report");
        REQUIRE(document);
        CHECK(document.value()["variants"][0].contains("stopped") == (each.status == 1));
        CHECK(contents_of_file(trace).ends_with("\n]}\n"));
        ::unlink(trace.c_str());
    }
}

TEST_CASE("simulate: what is interrupted leaves no trace file and keeps one that was there", "[native][limits]") {
    const TimeLimit limit(120);
    const std::string scenario = "/tmp/gilplay-limits-scenario-" + std::to_string(::getpid());
    const std::string trace = "/tmp/gilplay-limits-trace-" + std::to_string(::getpid());
    std::ofstream(scenario) << scenario_text(ExecutionModel::asyncio, 10'000, 1'000, Wait{WaitKind::sleep, second});
    for (const bool existed : {false, true}) {
        if (existed) std::ofstream(trace) << "mine";
        const pid_t pid =
            start_gilplay({"scenario", scenario, "--simulate", "--max-events", "1000000000000", "--trace", trace});
        // Busy with it for long; its memory tells that it has begun.
        CHECK(eventually([&] {
            std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
            long pages = 0;
            long resident = 0;
            statm >> pages >> resident;
            return resident * ::sysconf(_SC_PAGESIZE) > (40 << 20);
        }));
        REQUIRE(::kill(pid, SIGINT) == 0);
        int status = 0;
        REQUIRE(::waitpid(pid, &status, 0) == pid);
        CHECK(WIFSIGNALED(status));
        CHECK(exists(trace) == existed);
        if (existed) CHECK(contents_of_file(trace) == "mine");
    }
    ::unlink(scenario.c_str());
    ::unlink(trace.c_str());
}
