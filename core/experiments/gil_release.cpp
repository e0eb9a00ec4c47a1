// "The GIL is released around blocking calls; a CPU-bound neighbour still delays the way back."
#include <algorithm>

#include "core/base/text.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"
#include "core/trace/latency.h"

namespace gil {

namespace {

constexpr Nanoseconds request = millisecond; ///< one blocking call

Task requests_task(int requests) {
    return {"requests", std::vector<Step>(static_cast<std::size_t>(requests), Wait{WaitKind::sleep, request})};
}

/// One thread that makes blocking calls and `neighbours` threads with `work` each.
Scenario beside(const Knobs& knobs, int neighbours, const std::vector<Step>& work) {
    Scenario scenario;
    scenario.workers = 1 + neighbours;
    scenario.interpreter.switch_interval = duration_of(knobs, "switch_interval_ms");
    scenario.tasks = {requests_task(knobs.integer("requests"))};
    for (int i = 0; i < neighbours; ++i) scenario.tasks.push_back({"neighbour " + std::to_string(i + 1), work});
    return scenario;
}

std::vector<Variant> make_gil_release(const Knobs& knobs) {
    const int neighbours = knobs.integer("neighbours");
    const int requests = knobs.integer("requests");
    const Nanoseconds native = duration_of(knobs, "native_ms");
    // Long enough for every call to find a neighbour at work when each way back takes one switch interval.
    const Nanoseconds work = requests * (request + duration_of(knobs, "switch_interval_ms")) * 5 / 4;
    const std::vector<Step> computing = {Compute{Kernel::sum_of_squares, work}};
    const auto calls = static_cast<std::size_t>(requests / (neighbours + 1) + 3);
    const std::vector<Step> keeping(calls, NativeCall{Kernel::sum_of_squares, native, true});
    const std::vector<Step> releasing(calls, NativeCall{Kernel::sum_of_squares, native, false});
    const ExecutionModel threads = ExecutionModel::threads;
    return {variant_of(beside(knobs, 0, {}), threads, "alone"),
            variant_of(beside(knobs, neighbours, computing), threads, "beside"),
            variant_of(beside(knobs, neighbours, keeping), threads, "native_keeps"),
            variant_of(beside(knobs, neighbours, releasing), threads, "native_releases"),
            variant_of(beside(knobs, neighbours, computing), ExecutionModel::free_threaded)};
}

/// What the thread with the blocking calls, the first lane, went through while a neighbour was at work.
struct Outcome {
    Percentiles latency;
    double neighbour_ran = 0; ///< share of the first lane's waits in which a neighbour computed
};

Outcome outcome_of(const Trace& trace) {
    Outcome outcome;
    if (trace.lanes.empty()) return outcome;
    const Lane& caller = trace.lanes.front();
    Nanoseconds until = trace.lanes.size() == 1 ? trace.end + 1 : 0;
    Nanoseconds together = 0;
    for (std::size_t i = 1; i < trace.lanes.size(); ++i) {
        until = std::max(until, finished_at(trace.lanes[i]));
        together += time_together(caller, State::waiting_for_io, trace.lanes[i], State::running);
    }
    outcome.latency = percentiles_of(latencies_after_waits(caller, until));
    Nanoseconds waited = 0;
    for (const Interval& interval : caller.intervals) {
        if (interval.state == State::waiting_for_io && interval.end < until) waited += interval.length();
    }
    if (waited > 0) outcome.neighbour_ran = static_cast<double>(together) / static_cast<double>(waited);
    return outcome;
}

constexpr std::string_view told_median = "median latency us";
constexpr std::string_view told_p95 = "p95 latency us";

/// A run without a trace tells its latencies itself. That the way back is delayed shows that somebody else had the GIL.
Outcome outcome_told(const VariantReport& variant) {
    Outcome outcome;
    const Observation* median = find_observation(variant.median_run, told_median);
    const Observation* p95 = find_observation(variant.median_run, told_p95);
    if (median == nullptr || p95 == nullptr) return outcome;
    outcome.latency.count = static_cast<int>(variant.scenario.tasks.front().steps.size());
    outcome.latency.median = median->value * microsecond;
    outcome.latency.p95 = p95->value * microsecond;
    outcome.neighbour_ran = 1;
    return outcome;
}

Outcome outcome_of(const VariantReport& variant) {
    return variant.median_run.trace.lanes.empty() ? outcome_told(variant) : outcome_of(variant.median_run.trace);
}

/// What the bars do not show: their lengths are the work, which differs.
void tell_latency(VariantReport& variant) {
    const Percentiles latency = outcome_of(variant).latency;
    std::erase_if(variant.median_run.observations,
                  [](const Observation& each) { return each.name == told_median || each.name == told_p95; });
    std::string text = "no call ended beside a busy neighbour";
    if (latency.count > 0) {
        text = time_text(to_ms(latency.median)) + " after a call (95 %: " + time_text(to_ms(latency.p95)) + ")";
    }
    variant.median_run.observations.push_back({"goes on", 0, 0, std::move(text)});
}

/// Latencies are medians within a run, so a spread of wall times is no objection; a wrong result is.
std::optional<Verdict> why_not_told(const Report& report, const VariantReport& variant, const Outcome& outcome) {
    if (!variant.outputs_ok) return why_not_judged(report, {variant.name});
    if (outcome.latency.count >= 5) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell,
                       "In \"" + variant.name + "\" only " + counted(outcome.latency.count, "call") +
                           " ended while a neighbour was at work: too few to judge by.");
}

std::string describe(const Report& report, const Outcome& beside, const Outcome& alone, Nanoseconds interval) {
    std::string text = "Beside a busy thread the GIL came back " + time_text(to_ms(beside.latency.median)) +
                       " after a call (95 %: " + time_text(to_ms(beside.latency.p95));
    if (has_trace(report)) text += ", longest " + time_text(to_ms(beside.latency.max));
    text += "; alone " + time_text(to_ms(alone.latency.median)) + ") at a switch interval of " +
            plain_number(to_ms(interval)) + " ms";
    if (has_trace(report)) text += "; others computed in " + percent_text(beside.neighbour_ran) + " of the waits";
    return text + ". ";
}

Verdict judge_gil_release(const Report& report) {
    constexpr std::string_view names[] = {"threads:alone", "threads:beside", "threads:native_keeps",
                                          "threads:native_releases"};
    if (auto verdict = why_not_run(report, {names[0], names[1], names[2], names[3]})) return *verdict;
    Outcome outcomes[std::size(names)];
    for (std::size_t i = 0; i < std::size(names); ++i) {
        const VariantReport& variant = *find_variant(report, names[i]);
        outcomes[i] = outcome_of(variant);
        const bool is_claimed = i < 2; // the others are told, not judged
        if (!is_claimed) continue;
        if (auto verdict = why_not_told(report, variant, outcomes[i])) return *verdict;
    }
    const auto& [alone, beside, keeps, releases] = outcomes;
    const Nanoseconds interval = find_variant(report, names[1])->scenario.interpreter.switch_interval;
    const bool released = beside.neighbour_ran >= 0.5;
    const bool delayed = beside.latency.median - alone.latency.median >= interval / 2;

    std::string why = describe(report, beside, alone, interval);
    if (!released) {
        why += "So the GIL was not free for them.";
    } else if (!delayed) {
        why += "So the neighbour hardly delayed it.";
    } else if (keeps.latency.count > 0 && releases.latency.count > 0) {
        why += "Beside native code that keeps the GIL it was " + time_text(to_ms(keeps.latency.median)) +
               ", beside code that lets go " + time_text(to_ms(releases.latency.median)) + ".";
    }
    return verdict_for(report, released && delayed ? Holds::yes : Holds::no, why);
}

Knob requests_knob() {
    Knob knob{"requests", "blocking calls", {}, KnobKind::integer, 10, 200, 40, true};
    knob.help = "How many blocking calls of 1 ms the waiting thread makes.";
    return knob;
}

Knob neighbours_knob() {
    Knob knob{"neighbours", "CPU-bound threads", {}, KnobKind::integer, 1, 8, 1};
    knob.help = "Threads that compute beside the one that waits.";
    return knob;
}

Knob native_ms_knob() {
    Knob knob{"native_ms", "native call", "ms", KnobKind::real, 1, 200, 20, true};
    knob.help = "How long one call into native code computes, with or without the GIL.";
    return knob;
}

} // namespace

Experiment gil_release_experiment() {
    Experiment experiment{};
    experiment.id = "gil-release";
    experiment.script = "gil_release.py";
    experiment.group = "The lock";
    experiment.label = "Letting go of the GIL";
    experiment.title = "A blocking call lets go of the GIL, but getting it back takes a switch interval";
    experiment.claim = "While one thread waits others run; a CPU-bound neighbour then gives the GIL back only when its "
                       "interval is over.";
    experiment.why =
        "A blocking call drops the GIL first and takes it again afterwards. By then a CPU-bound thread has it, and "
        "lets go only after the waiting thread has asked, which it does after one switch interval: the convoy effect. "
        "With several such threads one waiter is woken, not always the right one, and every switch restarts the "
        "others' patience. Native code cannot be asked at all: it lets go by itself or keeps the GIL until it returns.";
    experiment.knobs = {requests_knob(), neighbours_knob(), switch_interval_knob(), native_ms_knob()};
    experiment.about_variants =
        "alone: one thread that makes blocking calls. beside: the same with neighbours that compute. native "
        "keeps, native releases: the neighbours are in native code that keeps the GIL or lets go of it.";
    experiment.shown = "threads:beside";
    experiment.make = make_gil_release;
    experiment.tell = tell_latency;
    experiment.fidelity = {"switch_interval_ms=1", "neighbours=2"};
    experiment.judge = judge_gil_release;
    return experiment;
}

} // namespace gil
