// "A bug in one thread can hurt the whole program; a crash in one process does not affect the others."
#include "core/base/text.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

/// A worker per task; the second task fails early, long before the others are done.
Variant failing(const Knobs& knobs, ExecutionModel model, Failure failure) {
    Scenario scenario;
    scenario.workers = knobs.integer("tasks");
    scenario.tasks = equal_tasks(scenario.workers, {Compute{Kernel::sum_of_squares, 40 * millisecond}});
    scenario.tasks[1].steps = {Compute{Kernel::sum_of_squares, 2 * millisecond}, Fail{failure}};
    return variant_of(std::move(scenario), model, to_string(failure));
}

std::vector<Variant> make_isolation(const Knobs& knobs) {
    return {failing(knobs, ExecutionModel::threads, Failure::exception),
            failing(knobs, ExecutionModel::threads, Failure::abort),
            failing(knobs, ExecutionModel::threads, Failure::stray_write),
            failing(knobs, ExecutionModel::processes, Failure::abort),
            failing(knobs, ExecutionModel::processes, Failure::stray_write),
            failing(knobs, ExecutionModel::process_pool, Failure::abort)};
}

/// How a run ended that had one failing task.
struct Ending {
    std::int64_t survivors = 0;
    std::int64_t tasks = 0;
    std::int64_t exit_code = 0; ///< the first one that is not 0
    std::string words;          ///< how it ended where there are no exit codes
    std::string error;          ///< of a task that did not fail by itself
    bool told = false;
    [[nodiscard]] bool spread() const { return survivors < tasks - 1; } ///< others were lost as well
};

Ending ending_of(const Report& report, std::string_view name) {
    const VariantReport& variant = *find_variant(report, name);
    Ending ending;
    for (const Observation& observation : variant.median_run.observations) {
        if (observation.name == "survivors") {
            ending.told = true;
            ending.survivors = observation.value;
            ending.tasks = observation.expected;
        } else if (observation.name.rfind("exit code", 0) == 0 && ending.exit_code == 0) {
            ending.exit_code = observation.value;
        } else if (observation.name == "end") {
            ending.words = observation.text;
        }
    }
    for (std::size_t i = 0; i < variant.median_run.outputs.size(); ++i) {
        if (i != 1 && ending.error.empty()) ending.error = variant.median_run.outputs[i].error;
    }
    return ending;
}

/// "0 of 4 tasks returned"
std::string returned(const Ending& ending) {
    return std::to_string(ending.survivors) + " of " + counted(ending.tasks, "task") + " returned";
}

/// "with code -6 (0 of 4 tasks returned)"; where there are no exit codes, as the platform put it.
std::string how_it_ended(const Ending& ending) {
    if (ending.words.empty()) return "with code " + std::to_string(ending.exit_code) + " (" + returned(ending) + ")";
    return "(\"" + printable(ending.words, 80) + "\"; " + returned(ending) + ")";
}

std::string about_pool(const Report& report) {
    if (find_variant(report, "process_pool:abort") == nullptr) return {};
    const Ending pool = ending_of(report, "process_pool:abort");
    if (!pool.told || !pool.spread()) return {};
    return " But a ProcessPoolExecutor breaks as a whole (" +
           printable(pool.error.substr(0, pool.error.find(':')), 40) + "): " + returned(pool) + ".";
}

Verdict judge_isolation(const Report& report) {
    constexpr std::string_view names[] = {"threads:abort", "threads:stray_write", "processes:abort",
                                          "processes:stray_write"};
    // How a run ended does not depend on the time it took, so noise is no objection here.
    if (auto verdict = why_not_run(report, {names[0], names[1], names[2], names[3]})) return *verdict;
    Ending endings[std::size(names)];
    for (std::size_t i = 0; i < std::size(names); ++i) {
        endings[i] = ending_of(report, names[i]);
        if (endings[i].told) continue;
        return verdict_for(report, Holds::cannot_tell,
                           "\"" + std::string(names[i]) + "\" did not tell which tasks survived.");
    }
    const auto& [thread_abort, thread_stray, process_abort, process_stray] = endings;
    std::string why = "abort() in a thread ended the program " + how_it_ended(thread_abort) +
                      ", a stray write ended it " + how_it_ended(thread_stray) + ". ";
    const bool alike = process_abort.survivors == process_stray.survivors;
    why += "In a process of its own: " + returned(process_abort) +
           (alike ? " both times." : ", and " + returned(process_stray) + ".");
    const bool threads_hurt = thread_abort.spread() && thread_stray.spread();
    const bool processes_spread = process_abort.spread() || process_stray.spread();
    return verdict_for(report, threads_hurt && !processes_spread ? Holds::yes : Holds::no, why + about_pool(report));
}

/// From two on there is somebody to be hurt.
Knob several_tasks_knob() {
    Knob knob = tasks_knob(4);
    knob.min = 2;
    knob.max = 16;
    return knob;
}

} // namespace

Experiment isolation_experiment() {
    Experiment experiment{};
    experiment.id = "isolation";
    experiment.script = "isolation.py";
    experiment.group = "Processes";
    experiment.label = "A crash";
    experiment.title = "A crash in a thread takes all down, in a process only itself";
    experiment.claim = "Threads share one memory and one fate; a process that crashes leaves the others alone.";
    experiment.why =
        "All threads live in one process: a signal such as SIGABRT or SIGSEGV ends it with every thread in it. A stray "
        "write that hits mapped memory is worse, for it corrupts what others use and nothing stops. An exception is no "
        "crash and ends only its own thread. A bare Process that dies leaves an exit code (-6, -11) and the others go "
        "on; a ProcessPoolExecutor that loses a worker fails everything that is pending.";
    experiment.knobs = {several_tasks_knob()};
    experiment.about_variants =
        "One task fails: it raises an exception, aborts its process, or writes to memory that is not its own.";
    experiment.shown = "processes:abort";
    experiment.make = make_isolation;
    experiment.judge = judge_isolation;
    return experiment;
}

} // namespace gil
