#include "core/measure/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <utility>

#include "core/measure/block_calibration.h"
#include "core/measure/cost_calibration.h"
#include "core/measure/kernel_calibration.h"
#include "core/measure/measure.h"

namespace gil {

namespace {

Nanoseconds median(std::vector<Nanoseconds> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[(values.size() - 1) / 2];
}

/// A list of small measurements, one after another; each is repeated. Of work, the best (least disturbed) run is looked
/// at; of starting threads and processes, which differs from time to time on a quiet machine too, the median one.
class Calibrator : public std::enable_shared_from_this<Calibrator> {
  public:
    Calibrator(Host& host, Calibration known, std::function<void()> between,
               std::function<void(Result<Calibration>)> done)
        : host_(host), between_(std::move(between)), done_(std::move(done)), result_(std::move(known)) {}

    void start(CostGroups wanted) {
        wanted_ = with_costs_below(wanted).without(result_.tried);
        result_.tried.add(wanted_);
        if (wants(CostGroup::interpreter)) begin();
        if (wants(CostGroup::cores)) plan_cores();
        plan_thread_costs();
        plan_process_costs();
        if (wants(CostGroup::timer)) plan_timer();
        for (CostProbe& each : cost_probes(result_.machine, host_.capabilities())) {
            if (wants(each.group)) add(each.group, std::move(each.probe));
        }
        if (wants(CostGroup::shared_blocks)) measure_shared_memory(host_, result_.machine);
        next();
    }

    /// Only the cores again.
    void start_with_cores() {
        add_cores_probe(0);
        next();
    }

  private:
    [[nodiscard]] bool wants(CostGroup group) const { return wanted_.contains(group); }

    /// What a computer is called here, and what is known without a probe.
    void begin() {
        result_.speeds.kernels = measure_kernel_speeds(host_, std::array{Kernel::sum_of_squares});
        Machine& machine = result_.machine;
        machine.name = "this computer";
        machine.calibrated = true;
        machine.eval_check = check_time();
        // The engine does the same work with and without a GIL; CPython's own price is not part of it.
        machine.free_threaded_tax_ppm = 0;
        machine.typical.remove(CostGroup::interpreter);
    }

    [[nodiscard]] Nanoseconds check_time() const {
        const KernelSpeed& speed = result_.speeds.kernels[0];
        return std::max<Nanoseconds>(1, std::llround(speed.ns_per_turn * speed.turns_per_check));
    }

    [[nodiscard]] bool measurable(const Scenario& scenario) const {
        return why_not_measurable(scenario, host_.capabilities()).empty();
    }

    /// Unless it cannot be measured here.
    void add(CostGroup group, Probe probe) {
        if (!measurable(probe.scenario())) return;
        result_.machine.typical.remove(group);
        probes_.push_back(std::move(probe));
    }

    void add(CostGroup group, const Scenario& scenario, int repeats, std::function<void(const std::vector<Run>&)> use) {
        add(group, {[scenario] { return scenario; }, repeats, std::move(use)});
    }

    /// How many equal pieces of work really run side by side. The number the platform claims only bounds the attempt.
    /// A neighbour's burst must not make it look like fewer: then it is tried again.
    void plan_cores() {
        result_.machine.cores = 1;
        add_cores_probe(3);
    }

    void add_cores_probe(int more_tries) {
        const Capabilities& here = host_.capabilities();
        const bool threads = here.no_threads.empty();
        const int most = std::min(16, threads ? here.max_threads : here.max_processes);
        const int count = std::clamp(here.hardware_concurrency, 1, most);
        constexpr Nanoseconds work = 40 * millisecond;
        const auto model = threads ? ExecutionModel::free_threaded : ExecutionModel::processes;
        const Scenario scenario = probe_scenario(model, count, {Compute{Kernel::sum_of_squares, work}});
        if (!measurable(scenario)) return;
        result_.machine.typical.remove(CostGroup::cores);
        result_.machine.processors = count;
        // Before what is planned already: other probes need to know how many cores there are.
        probes_.push_front({[scenario] { return scenario; }, 4,
                            [this, count, more_tries](const auto& runs) {
                                double best = 1;
                                for (const Run& run : runs) best = std::max(best, parallel_speed(run, count * work));
                                int& cores = result_.machine.cores;
                                cores = std::max(cores, std::clamp(static_cast<int>(std::lround(best)), 1, count));
                                if (cores < count && more_tries > 0) add_cores_probe(more_tries - 1);
                            }});
    }

    /// Work done per time between the first and the last running instant.
    static double parallel_speed(const Run& run, Nanoseconds work) {
        Nanoseconds first = run.trace.end;
        Nanoseconds last = 0;
        for (const Lane& lane : run.trace.lanes) {
            for (const Interval& interval : lane.intervals) {
                if (interval.state != State::running) continue;
                first = std::min(first, interval.begin);
                last = std::max(last, interval.end);
            }
        }
        return last > first ? static_cast<double>(work) / static_cast<double>(last - first) : 0;
    }

    void plan_thread_costs() {
        if (!wants(CostGroup::threads)) return;
        add(CostGroup::threads, probe_scenario(ExecutionModel::free_threaded, 4, {}), 9,
            [this](const auto& runs) { result_.machine.thread_start = median_run(runs).trace.end / 4; });
        Scenario pair = probe_scenario(ExecutionModel::threads, 2, {Compute{Kernel::sum_of_squares, 10 * millisecond}});
        pair.interpreter.switch_interval = millisecond;
        add(CostGroup::threads, pair, 2, [this](const auto& runs) { read_hand_overs(runs); });
    }

    void read_hand_overs(const std::vector<Run>& runs) {
        std::vector<Nanoseconds> gaps;
        for (const Run& run : runs) {
            const auto holds = gil_holds(run.trace, 0);
            for (std::size_t i = 1; i < holds.size(); ++i) {
                const bool switched = holds[i].lane != holds[i - 1].lane;
                if (switched) gaps.push_back(std::max<Nanoseconds>(0, holds[i].begin - holds[i - 1].end));
            }
        }
        if (gaps.empty()) return result_.machine.typical.add(CostGroup::threads);
        result_.machine.wake_latency = median(std::move(gaps));
    }

    void plan_process_costs() {
        constexpr int count = 4;
        for (std::size_t i = 0; i < result_.machine.process_start.size(); ++i) {
            if (!wants(start_group(static_cast<StartMethod>(i)))) continue;
            Scenario several = probe_scenario(ExecutionModel::processes, count, {});
            several.start_method = static_cast<StartMethod>(i);
            add(start_group(several.start_method), several, 7,
                [this, i](const auto& runs) { read_process_start(runs, i); });
        }
    }

    /// The parent starts one after another, and each then goes on by itself.
    void read_process_start(const std::vector<Run>& runs, std::size_t method) {
        std::vector<Nanoseconds> launches;
        std::vector<Nanoseconds> firsts;
        std::vector<Nanoseconds> exits;
        for (const Run& run : runs) {
            std::vector<Nanoseconds> starts;
            for (const Lane& lane : run.trace.lanes) {
                starts.push_back(lane.intervals.empty() ? 0 : lane.intervals.front().end);
            }
            if (starts.size() < 2) continue;
            std::sort(starts.begin(), starts.end());
            launches.push_back((starts.back() - starts.front()) / static_cast<Nanoseconds>(starts.size() - 1));
            firsts.push_back(starts.front());
            exits.push_back(run.trace.end - starts.back());
        }
        if (launches.empty()) return result_.machine.typical.add(start_group(static_cast<StartMethod>(method)));
        const Nanoseconds launch = median(std::move(launches));
        result_.machine.process_start[method] = std::max<Nanoseconds>(0, median(std::move(firsts)) - launch);
        // The default method's values serve all: the model has one launch and one exit cost.
        if (method == static_cast<std::size_t>(StartMethod::forkserver)) {
            result_.machine.process_launch = launch;
            result_.machine.process_exit = median(std::move(exits));
        }
    }

    void plan_timer() {
        std::vector<Step> waits(6, Wait{WaitKind::sleep, 5 * millisecond});
        add(CostGroup::timer, probe_scenario(ExecutionModel::sequential, 1, waits), 1, [this](const auto& runs) {
            // Between two waits the program does nothing else.
            std::vector<Nanoseconds> late;
            std::vector<Nanoseconds> between;
            for (const Interval& interval : runs.front().trace.lanes.front().intervals) {
                if (interval.state == State::waiting_for_io) late.push_back(interval.length() - 5 * millisecond);
                if (interval.state == State::running) between.push_back(interval.length());
            }
            result_.machine.timer_slack = std::max<Nanoseconds>(0, median(std::move(late)));
            result_.machine.io_overhead = median(std::move(between));
        });
    }

    void next() {
        between_();
        if (probes_.empty()) {
            done_(std::move(result_));
            return;
        }
        if (runs_.size() == static_cast<std::size_t>(probes_.front().repeats)) {
            finish_probe();
            return;
        }
        host_.call_after(0, [self = shared_from_this()] {
            measure_once(self->host_, self->probes_.front().scenario(), self->result_.speeds, [self](Result<Run> run) {
                if (run) self->runs_.push_back(std::move(run.value()));
                if (run || self->forgive()) return self->next();
                self->done_(Error{"calibration" + (run.error().where.empty() ? "" : ", " + run.error().where),
                                  run.error().what, run.error().accepted});
            });
        });
    }

    /// One run may fail by bad luck, but what fails again would be a preset that passes for measured.
    bool forgive() { return std::exchange(forgiving_, false); }

    void finish_probe() {
        const Probe done = std::move(probes_.front());
        probes_.pop_front();
        done.use(runs_);
        runs_.clear();
        forgiving_ = true;
        next();
    }

    Host& host_;
    std::function<void()> between_;
    std::function<void(Result<Calibration>)> done_;
    Calibration result_;
    CostGroups wanted_;
    std::deque<Probe> probes_;
    std::vector<Run> runs_;
    bool forgiving_ = true; ///< the next failed run of this probe is tried again
};

} // namespace

void calibrate(Host& host, Calibration known, CostGroups wanted, std::function<void()> between,
               std::function<void(Result<Calibration>)> done) {
    std::make_shared<Calibrator>(host, std::move(known), std::move(between), std::move(done))->start(wanted);
}

void look_for_cores(Host& host, const Calibration& known, std::function<void(bool)> done) {
    const int before = known.machine.cores;
    if (before >= known.machine.processors) return done(false);
    const auto judge = [before, done = std::move(done)](const Result<Calibration>& now) {
        done(now && now.value().machine.cores > before);
    };
    std::make_shared<Calibrator>(
        host, known, [] {}, judge)
        ->start_with_cores();
}

} // namespace gil
