// "What is sent to a process is pickled; large objects cost, and a lambda cannot be sent at all."
#include <algorithm>

#include "core/base/text.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

constexpr double payload_sizes[] = {1'024, 16'384, 262'144, 1'048'576, 4'194'304};

/// Tasks that are called with `bytes` of data, work on it for a moment, and return as much.
Scenario sending(const Knobs& knobs, ExecutionModel model, Transport transport, std::int64_t bytes) {
    Scenario scenario;
    scenario.model = model;
    scenario.transport = transport;
    scenario.workers = knobs.integer("workers");
    scenario.start_method = start_method_of(knobs);
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Compute{Kernel::sum_of_squares, millisecond}});
    for (Task& task : scenario.tasks) task.argument_bytes = task.result_bytes = bytes;
    return scenario;
}

std::vector<Variant> make_pickling(const Knobs& knobs) {
    std::vector<Variant> variants;
    const auto add = [&](std::string_view series, ExecutionModel model, Transport transport) {
        add_series(variants, series, payload_sizes,
                   [&](double bytes) { return sending(knobs, model, transport, static_cast<std::int64_t>(bytes)); });
    };
    add("sequential", ExecutionModel::sequential, Transport::pickle);
    add("process_pool:pickle", ExecutionModel::process_pool, Transport::pickle);
    add("process_pool:shared_memory", ExecutionModel::process_pool, Transport::shared_memory);
    // The first call is of a lambda, the others show whether the pool survives it.
    Scenario lambda = sending(knobs, ExecutionModel::process_pool, Transport::pickle, 1'024);
    lambda.tasks.front().is_lambda = true;
    variants.push_back(variant_of(std::move(lambda), ExecutionModel::process_pool, "lambda"));
    return variants;
}

/// Shared memory saved something when at most this share of the packing and copying was left.
constexpr double saved_share = 0.7;
/// The cost grows with size when the largest payload takes at least this many times as long as the smallest.
constexpr double growth = 4;

/// What became of the lambda, and whether it is what the claim says.
struct Lambda {
    bool refused = false;
    std::string words;
};

Lambda lambda_of(const VariantReport& variant) {
    const std::vector<TaskOutput>& outputs = variant.median_run.outputs;
    const auto failed = [](const TaskOutput& output) { return !output.error.empty(); };
    const std::string error = outputs.empty() ? "" : outputs.front().error;
    if (error.empty()) return {false, "The lambda was sent without an error."};
    const std::string kind = printable(error.substr(0, error.find(':')), 40);
    const auto others = std::count_if(outputs.begin() + 1, outputs.end(), failed);
    if (others > 0)
        return {false, "The lambda failed (" + kind + "), and with it " + counted(others, "other call") + "."};
    const bool known = kind == "PicklingError" || kind == "AttributeError"; // the latter up to CPython 3.13
    return {known, "The lambda was refused (" + kind + ")" + (outputs.size() > 1 ? "; the other calls went on." : ".")};
}

/// The three points that the claim is about.
struct Points {
    const VariantReport& small;
    const VariantReport& large;
    const VariantReport& shared;
};

/// By what packing and copying took; where no trace tells, by whether the whole runs are clearly apart.
bool cost_as_claimed(const Report& report, const Points& points) {
    if (!has_trace(report)) {
        return clearly_faster(points.small, points.large) && clearly_faster(points.shared, points.large);
    }
    const auto packing = [](const VariantReport& v) { return static_cast<double>(v.metrics.serialising); };
    const double large = packing(points.large);
    return large > 0 && large >= growth * packing(points.small) && packing(points.shared) <= saved_share * large;
}

std::string describe(const Report& report, const Points& points) {
    const auto payload = [](const VariantReport& v) {
        return bytes_text(static_cast<double>(v.scenario.tasks.front().argument_bytes));
    };
    const auto wall = [](const VariantReport& v) { return time_text(v.wall_ms.median); };
    const std::string calls = counted(static_cast<std::int64_t>(points.large.scenario.tasks.size()), "call");
    if (!has_trace(report)) {
        return calls + " with " + payload(points.large) + " each way took " + wall(points.large) + ", with " +
               payload(points.small) + ' ' + wall(points.small) + ", and in shared memory " + wall(points.shared) +
               ". ";
    }
    const auto packing = [](const VariantReport& v) { return time_text(to_ms(v.metrics.serialising)); };
    return "Packing and copying " + calls + " with " + payload(points.large) + " each way took " +
           packing(points.large) + ", with " + payload(points.small) + ' ' + packing(points.small) +
           ", added up over all processes. In shared memory it was " + packing(points.shared) + " instead of " +
           packing(points.large) + " (whole run: " + wall(points.shared) + " instead of " + wall(points.large) + "). ";
}

Verdict judge_pickling(const Report& report) {
    const std::string pickle = "process_pool:pickle@";
    const std::string largest = plain_number(payload_sizes[std::size(payload_sizes) - 1]);
    const std::string shared_name = "process_pool:shared_memory@" + largest;
    const std::string small_name = pickle + plain_number(payload_sizes[0]);
    if (auto verdict = why_not_run(report, {"process_pool:lambda"})) return *verdict;
    if (auto verdict = why_not_right(report, {small_name, pickle + largest, shared_name})) return *verdict;
    const Points points{*find_variant(report, small_name), *find_variant(report, pickle + largest),
                        *find_variant(report, shared_name)};
    // A run of 1 KiB is all start-up: how it scatters matters only where it comes near the large one.
    const bool apart = clearly_faster(points.small, points.large) && clearly_faster(points.shared, points.large);
    if (!apart) {
        if (auto verdict = why_not_judged(report, {small_name, pickle + largest, shared_name})) return *verdict;
    }
    const Lambda lambda = lambda_of(*find_variant(report, "process_pool:lambda"));
    const bool holds = cost_as_claimed(report, points) && lambda.refused;
    return verdict_for(report, holds ? Holds::yes : Holds::no, describe(report, points) + lambda.words);
}

/// Fewer than elsewhere: arguments and results of all of them are in memory at once.
Knob few_tasks_knob() {
    Knob knob = tasks_knob(16);
    knob.max = 32;
    return knob;
}

} // namespace

Experiment pickling_experiment() {
    Experiment experiment{};
    experiment.id = "pickling";
    experiment.script = "pickling.py";
    experiment.group = "Processes";
    experiment.label = "Sending data";
    experiment.title = "Data for a process is pickled and copied; a lambda cannot be sent";
    experiment.claim = "Arguments and results are serialised, which grows with their size; shared memory avoids most.";
    experiment.why =
        "Processes share no memory, so the pool pickles every argument, writes it to a pipe and unpickles it on the "
        "other side, and the same with the result. With shared memory the data is written once and only its name is "
        "sent. A function travels as its module and name; a lambda has no name to be found by, so pickling it fails in "
        "the caller, and the pool works on.";
    experiment.knobs = {few_tasks_knob(), workers_knob(2), start_method_knob()};
    experiment.axis = {"payload each way", "bytes", true};
    experiment.about_variants = "lambda: the function of the first call is a lambda.";
    experiment.make = make_pickling;
    experiment.judge = judge_pickling;
    return experiment;
}

} // namespace gil
