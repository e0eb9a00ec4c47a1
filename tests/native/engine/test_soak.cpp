// Many runs in one engine: what one run leaves behind shows after two thousand of them.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/measure/measure.h"
#include "core/measure/program.h"
#include "native/engine/native_host.h"
#include "tests/native/support.h"
#include "tests/support/test_host.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

struct Leavings {
    long descriptors = 0;
    std::size_t processes = 0;
    double resident_mb = 0;
};

Leavings look() {
    Leavings now;
    using std::filesystem::directory_iterator;
    now.descriptors = std::distance(directory_iterator("/proc/self/fd"), directory_iterator{});
    for (const ProcessInfo& child : children_of(::getpid())) now.processes += 1 + children_of(child.pid).size();
    std::ifstream pages("/proc/self/statm");
    long total = 0, resident = 0;
    pages >> total >> resident;
    now.resident_mb = static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
    return now;
}

/// A bit of everything that a run has to give back: a thread or process, a message, a wait, a lock, a counter.
Scenario small_run(ExecutionModel model, bool shared_memory) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = 2;
    scenario.threads_per_process = 2;
    scenario.transport =
        shared_memory && model == ExecutionModel::process_pool ? Transport::shared_memory : Transport::pickle;
    Task task{"task",
              {Compute{Kernel::sum_of_squares, 20 * microsecond}, Wait{WaitKind::sleep, 50 * microsecond}, Acquire{0},
               Increment{Counter::variable, 10, 1, false, false}, Release{0}},
              40'000,
              40'000,
              false};
    scenario.tasks.assign(4, task);
    return scenario;
}

} // namespace

TEST_CASE("soak: 2,000 runs of all models in one engine leave no memory, descriptor or process behind", "[native]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
    constexpr int runs = 180; // the sanitizers' own tables grow, and every run is ten times as long
#else
    constexpr int runs = 2'000;
#endif
    const TimeLimit limit(300);
    NativeHost host(NativeHost::Options{gilplay, 0}, nullptr);
    const auto run = [&](int number) {
        const auto& models = gil::test::all_models;
        const Scenario scenario = small_run(models[static_cast<std::size_t>(number) % models.size()], number % 2 == 1);
        std::optional<Result<Run>> result;
        measure_once(host, scenario, Speeds{}, [&](Result<Run> answer) { result = std::move(answer); });
        REQUIRE(run_until(
            host.loop(), [&] { return result.has_value(); }, 60 * second));
        INFO("run " << number << ", " << to_string(scenario.model) << (result->ok() ? "" : result->error().line()));
        REQUIRE(result->ok());
        REQUIRE(outputs_are_right(scenario, Speeds{}, result->value().outputs));
    };
    // The first runs fill caches and pools that are kept on purpose.
    for (int i = 0; i < 90; ++i) run(i);
    const Leavings before = look();
    for (int i = 0; i < runs; ++i) run(i);
    const Leavings after = look();
    CHECK(after.descriptors == before.descriptors);
    CHECK(after.processes == before.processes);
    // Two megabytes over 2,000 runs are 1 KB a run: a single trace that stayed would be more.
    if (runs == 2'000) CHECK(after.resident_mb < before.resident_mb + 2);
}
