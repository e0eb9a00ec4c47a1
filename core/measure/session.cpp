#include "core/measure/session.h"

#include <algorithm>
#include <optional>

#include "core/measure/measure.h"
#include "core/measure/program.h"
#include "core/scenario/patience.h"

namespace gil {

namespace {

class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(Host& host, std::vector<Variant> variants, const Speeds& speeds, int repeats, SessionListener listener,
            std::function<void(Result<std::vector<VariantReport>>)> done)
        : host_(host), variants_(std::move(variants)), speeds_(speeds), repeats_(repeats),
          listener_(std::move(listener)), done_(std::move(done)), runs_(variants_.size()),
          right_(variants_.size(), true) {
        for (const Variant& variant : variants_) {
            reasons_.push_back(why_not_measurable(variant.scenario, host.capabilities()));
        }
        plan();
    }

    void start() {
        for (std::size_t i = 0; i < variants_.size(); ++i) {
            if (!reasons_[i].empty()) listener_.measured(report_of(i));
        }
        next();
    }

  private:
    struct Step {
        std::size_t variant = 0;
        bool warm_up = false;
    };

    void next() {
        while (position_ < plan_.size() && !reasons_[plan_[position_].variant].empty()) ++position_;
        if (position_ == plan_.size()) {
            finish();
            return;
        }
        const Step step = plan_[position_];
        const Variant& variant = variants_[step.variant];
        listener_.progress({step.warm_up ? "warming up" : "running", variant.name, static_cast<int>(position_),
                            static_cast<int>(plan_.size()), asked_of(scenario_of(step))});
        // A turn of the event loop between runs: progress gets out, and a browser takes back its threads' Workers.
        host_.call_after(0, [self = shared_from_this(), step] { self->measure(step); });
    }

    void plan() {
        std::vector<std::size_t> available;
        for (std::size_t i = 0; i < variants_.size(); ++i) {
            if (reasons_[i].empty()) available.push_back(i);
        }
        for (const std::size_t variant : available) plan_.push_back({variant, true});
        for (int round = 0; round < repeats_; ++round) {
            for (const std::size_t variant : available) plan_.push_back({variant, false});
            if (!available.empty()) std::rotate(available.begin(), available.begin() + 1, available.end());
        }
    }

    [[nodiscard]] Scenario scenario_of(Step step) const {
        const Scenario& full = variants_[step.variant].scenario;
        return step.warm_up ? shortened(full) : full;
    }

    void measure(Step step) {
        const Scenario scenario = scenario_of(step);
        measure_once(host_, scenario, speeds_, [self = shared_from_this(), step, scenario](Result<Run> run) {
            self->take(step, scenario, std::move(run));
        });
    }

    void take(Step step, const Scenario& scenario, Result<Run> run) {
        if (run && !step.warm_up) {
            const auto fault = find_fault(run.value().trace, clock_tolerance);
            if (!fault.empty()) run = Error{"", "the trace is not sound: " + fault, {}};
        }
        if (!run) return give_up(step.variant, run.error());
        right_[step.variant] = right_[step.variant] && outputs_are_right(scenario, speeds_, run.value().outputs);
        if (!step.warm_up) {
            runs_[step.variant].push_back(std::move(run.value()));
            tell_so_far(step.variant);
        }
        ++position_;
        next();
    }

    /// Whoever listens reads it while the next run is measured, so what takes long to read waits for the last one.
    void tell_so_far(std::size_t variant) {
        constexpr std::size_t small = 5'000;
        const std::vector<Run>& runs = runs_[variant];
        const bool last = runs.size() == static_cast<std::size_t>(repeats_);
        std::size_t entries = runs.back().outputs.size();
        for (const Lane& lane : runs.back().trace.lanes) entries += lane.intervals.size();
        if (last || entries <= small) listener_.measured(summarise(variants_[variant], runs, right_[variant]));
    }

    /// The others go on without this variant; an error is what becomes of a session of which nothing is left.
    void give_up(std::size_t variant, Error error) {
        reasons_[variant] = std::string(failure_mark) + error.line();
        runs_[variant].clear();
        listener_.measured(report_of(variant));
        if (!first_failure_) {
            error.where = variants_[variant].name + (error.where.empty() ? "" : ", " + error.where);
            first_failure_ = std::move(error);
        }
        next();
    }

    void finish() {
        const bool none_ran = std::ranges::none_of(reasons_, [](const std::string& reason) { return reason.empty(); });
        if (first_failure_ && none_ran) return done_(std::move(*first_failure_));
        std::vector<VariantReport> reports;
        for (std::size_t i = 0; i < variants_.size(); ++i) {
            reports.push_back(reasons_[i].empty() ? summarise(variants_[i], std::move(runs_[i]), right_[i])
                                                  : report_of(i));
        }
        done_(std::move(reports));
    }

    /// Of a variant that did not run.
    [[nodiscard]] VariantReport report_of(std::size_t variant) const {
        VariantReport report = report_without_run(variants_[variant]);
        report.unavailable = reasons_[variant];
        return report;
    }

    Host& host_;
    std::vector<Variant> variants_;
    Speeds speeds_;
    int repeats_;
    SessionListener listener_;
    std::function<void(Result<std::vector<VariantReport>>)> done_;
    std::vector<std::string> reasons_; ///< per variant: why it cannot run, or what it failed with; empty: it can
    std::optional<Error> first_failure_;
    std::vector<std::vector<Run>> runs_;
    std::vector<bool> right_;
    std::vector<Step> plan_;
    std::size_t position_ = 0;
};

} // namespace

namespace {

/// Cuts one step to what is left of its task's share.
struct Shortener {
    Nanoseconds work_left = 60 * millisecond;

    void operator()(Compute& step) { cut(step.work); }
    void operator()(NativeCall& step) { cut(step.work); }
    void operator()(Wait& step) { step.duration = std::min(step.duration, 2 * millisecond); }
    void operator()(Increment& step) { step.count = std::min<std::int64_t>(step.count, 1'000); }
    void operator()(Acquire&) {}
    void operator()(Release&) {}
    void operator()(Send&) {}
    void operator()(Fail&) {}

    void cut(Nanoseconds& work) {
        work = std::min(work, work_left);
        work_left -= work;
    }
};

} // namespace

Scenario shortened(const Scenario& scenario) {
    Scenario brief = scenario;
    for (std::size_t i = 0; i < brief.tasks.size(); ++i) {
        if (i > 0 && scenario.tasks[i].steps.shares_with(scenario.tasks[i - 1].steps)) {
            brief.tasks[i].steps = brief.tasks[i - 1].steps;
            continue;
        }
        Shortener shortener;
        std::vector<Step> steps = brief.tasks[i].steps.items();
        for (Step& step : steps) std::visit(shortener, step);
        brief.tasks[i].steps = std::move(steps);
    }
    return brief;
}

void measure_session(Host& host, std::vector<Variant> variants, const Speeds& speeds, int repeats,
                     SessionListener listener, std::function<void(Result<std::vector<VariantReport>>)> done) {
    std::make_shared<Session>(host, std::move(variants), speeds, repeats, std::move(listener), std::move(done))
        ->start();
}

} // namespace gil
