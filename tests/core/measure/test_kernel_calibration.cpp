#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "core/engine/engine.h"
#include "core/engine/protocol.h"
#include "core/measure/calibrate.h"
#include "core/measure/kernel_calibration.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::test_scenario;
using test::TestHost;

namespace {

KernelSpeed& of(KernelSpeeds& speeds, Kernel kernel) {
    return speeds[static_cast<std::size_t>(kernel)];
}

/// An engine and how often it has said "calibrating".
struct Listener {
    TestHost host;
    int calibrations = 0;
    int results = 0;
    Engine engine{host, [this](const Json& message) {
                      const auto event = event_from_json(message);
                      REQUIRE(event);
                      const auto* progress = std::get_if<ProgressEvent>(&event.value());
                      if (progress && progress->phase == "calibrating") ++calibrations;
                      const auto* result = std::get_if<ResultEvent>(&event.value());
                      if (!result) return;
                      ++results;
                      CHECK(result->report.variants.at(0).outputs_ok);
                  }};

    void run(const std::vector<Step>& steps) {
        engine.receive(to_json(Request(ScenarioRequest{1, test_scenario(ExecutionModel::sequential, 1, 2, steps), 1})));
        CHECK(host.run_loop(60 * second));
    }
};

/// A host whose clock goes on by itself: each look of a worker at it takes time. Where the cores are free, every worker
/// has its own time; where they are not, one worker's time passes for all.
class ClockedHost : public TestHost {
  public:
    explicit ClockedHost(bool free) : free_(free) { capabilities_.hardware_concurrency = 2; }

    [[nodiscard]] Nanoseconds now() const override {
        if (std::this_thread::get_id() == main_) return begin_ = latest_.load();
        if (!free_) return latest_ += 40 * millisecond;
        thread_local Nanoseconds mine = begin_; // each run has new threads
        mine += 10 * millisecond;
        Nanoseconds latest = latest_;
        while (latest < mine && !latest_.compare_exchange_weak(latest, mine)) {
        }
        return mine;
    }

    /// Whether it finds more than `cores` of the `processors`, where a probe's work is 40 ms on each.
    bool finds_more_than(int cores, int processors) {
        Calibration known;
        known.speeds = test::test_speeds();
        known.machine.cores = cores;
        known.machine.processors = processors;
        std::optional<bool> more;
        look_for_cores(*this, known, [&more](bool answer) { more = answer; });
        CHECK(run_loop());
        REQUIRE(more.has_value());
        return *more;
    }

  private:
    const bool free_;
    const std::thread::id main_ = std::this_thread::get_id();
    mutable std::atomic<Nanoseconds> begin_ = second; ///< when the main thread last looked: its workers begin then
    mutable std::atomic<Nanoseconds> latest_ = second;
};

} // namespace

TEST_CASE("KernelCalibration.what variants compute with is found, native calls too") {
    CHECK(kernels_of({}).empty());
    const std::vector<Variant> variants = {
        {"a", test_scenario(ExecutionModel::threads, 2, 3, {NativeCall{Kernel::parsing, 1, true}})},
        {"b", test_scenario(ExecutionModel::sequential, 1, 1,
                            {Wait{}, Compute{Kernel::image_filter, 1}, Compute{Kernel::parsing, 1}})}};
    CHECK(kernels_of(variants) == std::vector{Kernel::image_filter, Kernel::parsing});
}

TEST_CASE("KernelCalibration.only what is asked for and missing is measured") {
    const TestHost host;
    KernelSpeeds speeds = measure_kernel_speeds(host, std::array{Kernel::encryption});
    CHECK(has_speeds(speeds, std::array{Kernel::encryption}));
    CHECK_FALSE(has_speeds(speeds, std::array{Kernel::encryption, Kernel::numeric}));
    CHECK(std::ranges::count_if(speeds, [](const KernelSpeed& speed) { return speed.measured; }) == 1);
    CHECK(of(speeds, Kernel::encryption).ns_per_turn > 20);
    CHECK(of(speeds, Kernel::encryption).turns_per_check == 1);
    // A speed that no machine has shows that it was kept.
    of(speeds, Kernel::encryption).ns_per_turn = 0.125;
    add_kernel_speeds(host, std::array{Kernel::encryption, Kernel::sum_of_squares}, speeds);
    CHECK(of(speeds, Kernel::encryption).ns_per_turn == 0.125);
    CHECK(has_speeds(speeds, std::array{Kernel::sum_of_squares}));
    CHECK(of(speeds, Kernel::sum_of_squares).turns_per_check > 1);
}

TEST_CASE("KernelCalibration.a speed that another program has spoilt is measured again") {
    const TestHost host;
    KernelSpeeds speeds = measure_kernel_speeds(host, std::array{Kernel::encryption});
    const double before = of(speeds, Kernel::encryption).ns_per_turn;
    of(speeds, Kernel::encryption).ns_per_turn = 20 * before;
    add_kernel_speeds(host, std::array{Kernel::encryption}, speeds);
    CHECK(of(speeds, Kernel::encryption).ns_per_turn < 10 * before);
}

TEST_CASE("Calibration.where fewer cores were free than there are, it looks again") {
    ClockedHost free(true);
    CHECK(free.finds_more_than(1, 2));
    CHECK_FALSE(free.finds_more_than(2, 2));
    CHECK_FALSE(free.finds_more_than(4, 2));
    ClockedHost taken(false);
    CHECK_FALSE(taken.finds_more_than(1, 2));
}

TEST_CASE("KernelCalibration.work takes about the time that was asked for") {
    const TestHost host;
    for (const Kernel kernel : {Kernel::image_filter, Kernel::numeric, Kernel::encryption, Kernel::parsing}) {
        const KernelSpeeds speeds = measure_kernel_speeds(host, std::array{kernel});
        const std::uint64_t turns = turns_for(Compute{kernel, 20 * millisecond}, speeds);
        const std::atomic<std::uint32_t> breaker{0};
        Nanoseconds best = second;
        for (int i = 0; i < 5; ++i) {
            KernelState state;
            const Nanoseconds begin = host.now();
            while (state.turn < turns) run_kernel(kernel, state, turns, 1, breaker);
            best = std::min(best, host.now() - begin);
        }
        INFO(to_string(kernel) << ": " << to_ms(best) << " ms for 20 ms of work");
        CHECK(best > 5 * millisecond);
        CHECK(best < 60 * millisecond);
    }
}

TEST_CASE("KernelCalibration.an engine adds kernels as runs need them") {
    Listener listener;
    listener.host.capabilities_.hardware_concurrency = 1; // or cores that become free would be one calibration more
    listener.host.capabilities_.no_threads = listener.host.capabilities_.no_processes = "not needed here";
    listener.run({Compute{Kernel::sum_of_squares, millisecond}});
    CHECK(listener.calibrations == 1);
    listener.run({Compute{Kernel::numeric, millisecond}});
    CHECK(listener.calibrations == 2);
    listener.run({Compute{Kernel::numeric, millisecond}, Compute{Kernel::sum_of_squares, millisecond}});
    CHECK(listener.calibrations == 2);
    CHECK(listener.results == 3);
}
