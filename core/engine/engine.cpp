#include "core/engine/engine.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/engine/plan.h"
#include "core/engine/protocol.h"
#include "core/measure/calibrate.h"
#include "core/measure/kernel_calibration.h"
#include "core/measure/measure.h"
#include "core/measure/operation_calibration.h"
#include "core/measure/session.h"

namespace gil {

class Engine::Impl {
  public:
    Impl(Host& host, std::function<void(const Json&)> send) : host_(host), send_(std::move(send)) {
        emit(ReadyEvent{host.capabilities()});
    }

    void receive(const Json& message) {
        auto request = request_from_json(message);
        if (!request) {
            emit(FailedEvent{id_in(message), "the engine did not understand a message: " + request.error().line()});
            return;
        }
        std::visit([this](const auto& r) { start(r); }, request.value());
    }

  private:
    /// A plan under way.
    struct Job {
        int id = 0;
        Plan plan;
        int repeats = 1;
    };

    static int id_in(const Json& message) {
        if (!message.is_object() || !message.contains("id") || !message["id"].is_number_unsigned()) return 0;
        const auto id = message["id"].get<std::uint64_t>();
        return id <= 2'000'000'000 ? static_cast<int>(id) : 0;
    }

    void emit(const Event& event) {
        last_said_at_ = host_.now();
        send_(to_json(event));
    }

    void say_calibrating(int id) { emit(ProgressEvent{id, "calibrating", {}, 0, 0, 0}); }

    /// Once a second is enough to be known to live, and every message takes a moment from a core.
    void show_life(int id) {
        if (host_.now() - last_said_at_ >= second) emit(AliveEvent{id});
    }

    /// False, and answered, while another job is under way.
    bool claim(int id) {
        if (busy_) emit(FailedEvent{id, "the engine is busy with another run"});
        if (busy_) return false;
        busy_ = true;
        return true;
    }

    void fail(int id, const std::string& reason) {
        busy_ = false;
        emit(FailedEvent{id, reason});
    }

    void start(const RunRequest& request) {
        if (!claim(request.id)) return;
        auto plan = plan_of(request);
        if (!plan) return fail(request.id, plan.error().line());
        measure({request.id, std::move(plan.value()), request.repeats});
    }

    void start(const ScenarioRequest& request) {
        if (!claim(request.id)) return;
        measure({request.id, plan_of(request), request.repeats});
    }

    void start(const CalibrateRequest& request) {
        if (!claim(request.id)) return;
        calibration_ = {}; // asked for explicitly: measure again
        with_calibration(request.id, CostGroups::all(), [this, id = request.id] {
            add_operations(std::array{WaitKind::file, WaitKind::database});
            busy_ = false;
            emit(CalibratedEvent{id, calibration_.machine});
        });
    }

    /// Before a run: what it needs of this computer and has not been measured yet. What has been may have been spoilt
    /// by another program, which shows in cores that are free now.
    void with_calibration(int id, CostGroups needed, std::function<void()> then) {
        if (!calibration_.machine.calibrated) return with_costs(id, needed, std::move(then));
        look_for_cores(host_, calibration_, [this, id, needed, then = std::move(then)](bool more) {
            if (more) calibration_ = {};
            with_costs(id, needed, then);
        });
    }

    void with_costs(int id, CostGroups needed, std::function<void()> then) {
        if (with_costs_below(needed).without(calibration_.tried).empty()) return then();
        say_calibrating(id);
        // Through the event loop, so that the message is out before the work begins.
        host_.call_after(0, [this, id, needed, then = std::move(then)] {
            const auto between = [this, id] { show_life(id); };
            calibrate(host_, calibration_, needed, between, [this, id, then](Result<Calibration> calibration) {
                if (!calibration) return fail(id, calibration.error().line());
                calibration_ = std::move(calibration.value());
                then();
            });
        });
    }

    /// Only now, and only what this run is made of: a kernel that is new takes a tenth of a second.
    void with_speeds(int id, std::span<const Variant> variants, std::function<void()> then) {
        std::vector<Kernel> kernels = kernels_of(variants);
        std::vector<WaitKind> waits = operations_of(variants);
        Speeds& speeds = calibration_.speeds;
        if (!has_speeds(speeds.kernels, kernels) || !has_operation_speeds(speeds, waits)) {
            say_calibrating(id);
        }
        host_.call_after(0, [this, kernels = std::move(kernels), waits = std::move(waits), then = std::move(then)] {
            add_kernel_speeds(host_, kernels, calibration_.speeds.kernels);
            add_operations(waits);
            then();
        });
    }

    void add_operations(std::span<const WaitKind> waits) {
        add_operation_speeds(host_, waits, calibration_.speeds);
        tell_operation_costs(calibration_.speeds, calibration_.machine);
    }

    /// What cannot be measured here is answered at once.
    void measure(Job job) {
        auto shared = std::make_shared<Job>(std::move(job));
        const bool any = std::ranges::any_of(shared->plan.variants, [this](const Variant& variant) {
            return why_not_measurable(variant.scenario, host_.capabilities()).empty();
        });
        if (!any) return measure_now(shared, Calibration{});
        with_calibration(shared->id, costs_needed(shared->plan.variants), [this, shared] {
            with_speeds(shared->id, shared->plan.variants, [this, shared] { measure_now(shared, calibration_); });
        });
    }

    void measure_now(const std::shared_ptr<Job>& job, const Calibration& calibration) {
        Report& report = job->plan.report;
        report.origin = Origin::measured;
        report.engine = host_.capabilities().engine;
        report.machine = calibration.machine;
        emit(BegunEvent{job->id, report.machine, report.engine});
        SessionListener listener;
        listener.progress = [this, id = job->id](const SessionProgress& p) {
            emit(ProgressEvent{id, p.phase, p.variant, p.done, p.total, p.expected});
        };
        listener.measured = [this, id = job->id](const VariantReport& variant) { emit(MeasuredEvent{id, variant}); };
        measure_session(host_, job->plan.variants, calibration.speeds, job->repeats, std::move(listener),
                        [this, job](Result<std::vector<VariantReport>> reports) { finish(*job, std::move(reports)); });
    }

    void finish(Job& job, Result<std::vector<VariantReport>> reports) {
        if (!reports) {
            fail(job.id, reports.error().line());
            return;
        }
        Report& report = job.plan.report;
        report.variants = std::move(reports.value());
        fill_speedups(report);
        job.plan.conclude(report);
        busy_ = false;
        emit(ResultEvent{job.id, std::move(report)});
    }

    Host& host_;
    std::function<void(const Json&)> send_;
    Calibration calibration_; ///< what this computer has been measured for so far
    Nanoseconds last_said_at_ = 0;
    bool busy_ = false;
};

Engine::Engine(Host& host, std::function<void(const Json&)> send)
    : impl_(std::make_unique<Impl>(host, std::move(send))) {}

Engine::~Engine() = default;

void Engine::receive(const Json& message) {
    impl_->receive(message);
}

} // namespace gil
