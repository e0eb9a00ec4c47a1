// The equivalent Python of every experiment in a real Python: as gilplay makes it, and as its file stands.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "core/cpython/cpython_report.h"
#include "core/cpython/python_script.h"
#include "native/python/program_run.h"
#include "native/python/python_runner.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

/// A folder for scripts, gone with this object.
class FolderForScripts {
  public:
    FolderForScripts() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
    ~FolderForScripts() { std::filesystem::remove_all(path_); }
    FolderForScripts(const FolderForScripts&) = delete;
    FolderForScripts& operator=(const FolderForScripts&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_ = "/tmp/gilplay-scripts-XXXXXX";
};

/// Small values for every knob, so that a script takes little.
Knobs small(const Experiment& experiment) {
    Knobs knobs(experiment.knobs);
    for (const auto& [name, value] : std::vector<std::pair<std::string_view, double>>{{"tasks", 2},
                                                                                      {"workers", 2},
                                                                                      {"work_ms", 1},
                                                                                      {"wait_ms", 2},
                                                                                      {"increments", 1'000},
                                                                                      {"requests", 10},
                                                                                      {"native_ms", 2},
                                                                                      {"switch_interval_ms", 1}}) {
        for (const Knob& knob : knobs.descriptions()) {
            if (knob.name == name) knobs.set_number(name, value);
        }
    }
    return knobs;
}

/// The option --variants for all of an experiment, but only one point of each line of a sweep, the second one.
std::string few_variants(const Experiment& experiment) {
    std::string names;
    std::map<std::string, int> points;
    for (const Variant& variant : experiment.make(Knobs(experiment.knobs))) {
        if (variant.series.empty() || ++points[variant.series] == 2) names += variant.name + ",";
    }
    return names;
}

long count_of(std::string_view text, char c) {
    return std::count(text.begin(), text.end(), c);
}

} // namespace

TEST_CASE("Python scripts compile, at every choice and extreme of their knobs", "[native][scripts]") {
    const TimeLimit limit(300);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    const FolderForScripts folder;
    std::set<std::string> scripts;
    for (const Experiment& experiment : experiments()) {
        for (const Knob& knob : experiment.knobs) {
            for (double value = 0; value < std::max<double>(2, static_cast<double>(knob.choices.size())); ++value) {
                Knobs knobs(experiment.knobs);
                const bool choice = knob.kind == KnobKind::choice;
                knobs.set_number(knob.name, choice ? value : value > 0 ? knob.max : knob.min);
                scripts.insert(python_script(experiment, knobs));
            }
        }
    }
    CHECK(scripts.size() > 100);
    int number = 0;
    for (const std::string& script : scripts) {
        std::ofstream(folder.path() + "/script" + std::to_string(++number) + ".py") << script;
    }
    const std::string compile = "import glob, sys\nfor path in glob.glob(sys.argv[1] + '/*.py'):\n"
                                "    compile(open(path).read(), path, 'exec')\nprint('compiled')\n";
    const ProgramEnd end = run_program({python->path, "-W", "error", "-c", compile, folder.path()}, {});
    CAPTURE(end.err);
    CHECK(end.out == "compiled\n");
}

TEST_CASE("Python scripts run in a real Python and answer for every variant", "[native][scripts]") {
    const TimeLimit limit(900);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id << " in " << describe(*python));
        const Knobs knobs = small(experiment);
        const std::string names = few_variants(experiment);
        const auto out = run_script(*python, experiment.id, python_script(experiment, knobs),
                                    {"--json", "--repeats", "1", "--variants", names}, {200 * second, -1, {}});
        REQUIRE(out);
        const auto json = parse_json(out.value(), "answer");
        REQUIRE(json);
        CHECK(static_cast<long>(json.value()["variants"].size()) == count_of(names, ','));
        const auto answer = read_cpython_answer(out.value(), experiment, knobs, experiment.make(knobs), Machine{});
        REQUIRE(answer);
        for (const VariantReport& variant : answer.value().report.variants) {
            INFO(variant.name << ": " << variant.unavailable);
            CHECK(variant.unavailable.find("it failed") == std::string::npos);
            if (!variant.unavailable.empty()) continue;
            CHECK(variant.wall_ms.median > 0);
            CHECK(variant.wall_ms.samples == 1);
        }
    }
}

TEST_CASE("The files of cpython/scripts run as they are", "[native][scripts]") {
    const TimeLimit limit(600);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    for (const Experiment& experiment : experiments()) {
        const std::string file = std::string(GIL_SOURCE_DIR "/cpython/scripts/") + std::string(experiment.script);
        // With the defaults they take long, so only two variants; the others are the same ones that gilplay runs.
        const std::string all = few_variants(experiment);
        const std::string names = all.substr(0, all.find(',', all.find(',') + 1));
        const auto end = gil::native::run_program(
            {python->path, "-B", "-W", "error", file, "--json", "--repeats", "1", "--variants", names}, {100 * second});
        CAPTURE(file, end.out, end.err);
        CHECK(end.kind == ProgramEnd::Kind::ended);
        CHECK(end.status == 0);
        CHECK(end.err.empty());
        const auto json = parse_json(end.out, "answer");
        REQUIRE(json);
        CHECK(json.value()["variants"].size() == 2);
        for (const Json& row : json.value()["variants"]) CHECK_FALSE(row.contains("error"));
    }
}

TEST_CASE("Python scripts do every kind of work and wait", "[native][scripts]") {
    const TimeLimit limit(300);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    for (const std::string_view id : {"cpu-bound", "io-bound"}) {
        const Experiment& experiment = *find_experiment(id);
        const std::string_view knob = id == "cpu-bound" ? "kernel" : "io";
        for (int choice = 0; choice < 5; ++choice) {
            Knobs knobs = small(experiment);
            knobs.set_number(knob, choice);
            INFO(knob << "=" << knobs.choice(knob));
            const auto out = run_script(*python, id, python_script(experiment, knobs),
                                        {"--json", "--repeats", "1", "--variants", "sequential,threads,asyncio"},
                                        {100 * second, -1, {}});
            REQUIRE(out);
            const auto json = parse_json(out.value(), "answer");
            REQUIRE(json);
            for (const Json& row : json.value()["variants"]) {
                if (row.contains("unavailable")) continue;
                INFO(dump_json(row));
                CHECK_FALSE(row.contains("error"));
                // Two tasks of 1 or 2 ms; one operation of a slow disk may take longer by itself.
                if (row["name"] == "sequential") CHECK(row["wall_ms"][0].get<double>() > 0.5);
            }
        }
    }
}

TEST_CASE("Python scripts tell what they are about", "[native][scripts]") {
    const TimeLimit limit(300);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    const auto seen = [&](std::string_view id, const std::string& variant) {
        const Experiment& experiment = *find_experiment(id);
        const auto out = run_script(*python, id, python_script(experiment, small(experiment)),
                                    {"--json", "--repeats", "1", "--variants", variant}, {100 * second, -1, {}});
        REQUIRE(out);
        const auto json = parse_json(out.value(), "answer");
        REQUIRE(json);
        return json.value()["variants"][0];
    };
    const auto value = [](const Json& row, const std::string& name) {
        for (const Json& observation : row["observations"]) {
            if (observation["name"] == name) return observation["value"].get<int>();
        }
        return 99;
    };
    const Json abort = seen("isolation", "processes:abort");
    CHECK(value(abort, "exit code") == 0);
    CHECK(value(abort, "exit code of process 1") == 0);
    CHECK(value(abort, "exit code of process 2") == -6);
    CHECK(value(abort, "survivors") == 1);
    const Json stray = seen("isolation", "threads:stray_write");
    CHECK(value(stray, "exit code") == -11);
    CHECK(value(stray, "survivors") == 0);
    const Json pool = seen("isolation", "process_pool:abort");
    CHECK(pool["task_errors"][1].get<std::string>().starts_with("BrokenProcessPool: "));
    const Json lambda = seen("pickling", "process_pool:lambda");
    CHECK(lambda["task_errors"][0].get<std::string>().find("pickle") != std::string::npos);
    CHECK(lambda["task_errors"][1] == "");
    const Json once = seen("shared-data", "processes:once");
    // Two processes without the lock: each count can get lost, and on a busy machine one does.
    CHECK((value(once, "value") == 1 || value(once, "value") == 2));
    CHECK((value(once, "array") >= 10 && value(once, "array") <= 20));
    CHECK(value(seen("shared-data", "processes:locked"), "value") == 2'000);
    CHECK(value(seen("shared-data", "processes:queue"), "received") == 36);
}
