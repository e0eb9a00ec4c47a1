// What the front end makes of an engine that is stopped by the reader, or silent.
#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <string>

#include "core/engine/simulate_report.h"
#include "ui/state/controller.h"

using namespace gil;
using namespace gil::ui;

namespace {

class StandInEngine : public EngineClient {
  public:
    void send(const Json& message) override { sent.push_back(message); }
    std::optional<Json> poll() override {
        if (events.empty()) return std::nullopt;
        Json event = std::move(events.front());
        events.pop_front();
        return event;
    }
    void start_again() override {}
    void restart() override { ++restarts; }
    bool is_stopped() const override { return stopped; }

    void say(const Event& event) { events.push_back(to_json(event)); }

    std::deque<Json> events;
    std::vector<Json> sent;
    int restarts = 0;
    bool stopped = false;
};

class StandInPlatform : public Platform {
  public:
    const PlatformInfo& info() const override { return info_; }
    bool prefers_dark() const override { return false; }
    std::string address() const override { return "cpu-bound"; }
    void save_state(const std::string&) override {}
    void visit_state(const std::string&) override {}
    void copy_to_clipboard(const std::string&) override {}
    void open_url(const std::string&) override {}
    void set_summary(const Json&) override {}
    void set_content_height(float) override {}

  private:
    PlatformInfo info_;
};

struct Bench {
    Bench() {
        engine.say(ReadyEvent{});
        CHECK(controller.update());
    }

    int run() {
        controller.run();
        REQUIRE(model.progress);
        return model.progress->id;
    }

    /// As an engine tells of a variant that took what the simulation says.
    MeasuredEvent measured(int id, const std::string& name) {
        const VariantReport* simulated = find_variant(model.simulated, name);
        REQUIRE(simulated);
        VariantReport variant = *simulated;
        variant.median_run.origin = Origin::measured;
        return {id, std::move(variant)};
    }

    StandInEngine engine;
    StandInPlatform platform;
    Model model{experiments().front()};
    Nanoseconds now = 1'000 * second;
    Controller controller{model, engine, platform, [this] { return now; }};
};

} // namespace

TEST_CASE("controller: Stop keeps what has been measured, says so, and judges nothing by it") {
    Bench bench;
    const int id = bench.run();
    bench.engine.say(BegunEvent{id, Machine{}, "stand-in"});
    bench.engine.say(ProgressEvent{id, "running", "sequential", 3, 9, second});
    bench.engine.say(bench.measured(id, "threads"));
    CHECK(bench.controller.update());
    CHECK_FALSE(bench.model.measured_report());
    bench.controller.stop();
    CHECK(bench.engine.restarts == 1);
    CHECK_FALSE(bench.model.progress);
    REQUIRE(bench.model.measured_is_current());
    const Report& report = *bench.model.measured_report();
    CHECK(report.stopped);
    CHECK(find_variant(report, "threads"));
    CHECK_FALSE(find_variant(report, "sequential"));
    CHECK(report.verdict.headline == "Cannot be judged: the run was stopped.");
    REQUIRE(bench.model.notice);
    CHECK(bench.model.notice->text == "Stopped. What had been measured by then is shown.");
}

TEST_CASE(
    "controller: a run that is stopped before its first counted run leaves nothing, and no whole report is lost") {
    Bench bench;
    const int first = bench.run();
    bench.engine.say(ProgressEvent{first, "calibrating", "", 0, 0, 0});
    (void)bench.controller.update();
    bench.controller.stop();
    CHECK_FALSE(bench.model.measured_report());
    REQUIRE(bench.model.notice);
    CHECK(bench.model.notice->text == "Stopped before anything was measured.");

    bench.engine.say(ReadyEvent{});
    (void)bench.controller.update();
    const int second_run = bench.run();
    Report whole = bench.model.simulated;
    whole.origin = Origin::measured;
    bench.engine.say(ResultEvent{second_run, whole});
    CHECK(bench.controller.update());
    const int third = bench.run();
    bench.engine.say(bench.measured(third, "threads"));
    (void)bench.controller.update();
    bench.controller.stop();
    REQUIRE(bench.model.measured_report());
    CHECK_FALSE(bench.model.measured_report()->stopped);
    REQUIRE(bench.model.notice);
    CHECK(bench.model.notice->text == "Stopped. What is shown is the whole run before it.");
}

TEST_CASE("controller: another experiment stops the run, and what it had measured is there on the way back") {
    Bench bench;
    const Experiment* first = bench.model.experiment;
    const int id = bench.run();
    bench.engine.say(bench.measured(id, "threads"));
    (void)bench.controller.update();
    bench.controller.select(experiments()[1]);
    REQUIRE(bench.model.notice);
    CHECK(bench.model.notice->text.find("was stopped") != std::string::npos);
    CHECK_FALSE(bench.model.measured_report());
    bench.controller.select(*first);
    CHECK(bench.model.measured_is_current());
}

TEST_CASE("controller: an engine that is silent is told of after 5 s, and no more when it speaks again") {
    Bench bench;
    CHECK_FALSE(bench.controller.update_due_in());
    const int id = bench.run();
    CHECK(bench.controller.update_due_in() == second);
    bench.engine.say(ProgressEvent{id, "running", "threads", 1, 9, second});
    CHECK(bench.controller.update());
    bench.now += 7 * second;
    CHECK_FALSE(bench.controller.update()); // 5 s more than three times what it said
    bench.engine.stopped = true;
    CHECK_FALSE(bench.controller.update());
    bench.now += 5 * second;
    CHECK(bench.controller.update());
    CHECK(bench.model.progress->silence == "the engine has been stopped from outside for 5 s");
    bench.engine.stopped = false;
    CHECK(bench.controller.update());
    CHECK(bench.model.progress->silence.empty());
    bench.now += 2 * second;
    CHECK(bench.controller.update());
    CHECK(bench.model.progress->silence == "the engine has said nothing for 5 s");
    bench.engine.say(AliveEvent{id});
    CHECK(bench.controller.update());
    CHECK(bench.model.progress->silence.empty());
    // A sign of life alone is not worth a frame, which would take a core from what is measured.
    bench.engine.say(AliveEvent{id});
    CHECK_FALSE(bench.controller.update());
}

TEST_CASE("controller: an engine that stays silent is ended at last, and the run has failed") {
    Bench bench;
    (void)bench.run();
    bench.engine.stopped = true;
    CHECK_FALSE(bench.controller.update());
    bench.now += 59 * second;
    CHECK(bench.controller.update());
    REQUIRE(bench.model.progress);
    bench.now += second;
    CHECK(bench.controller.update());
    CHECK_FALSE(bench.model.progress);
    CHECK(bench.engine.restarts == 1);
    REQUIRE(bench.model.notice);
    CHECK(bench.model.notice->text ==
          "The run failed: the engine was stopped from outside and did not go on within 60 s");
    CHECK_FALSE(bench.controller.update_due_in());
}
