// "Image processing is CPU work: multiprocessing is needed."
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_image_processing(const Knobs& knobs) {
    const Nanoseconds work = duration_of(knobs, "work_ms");
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.start_method = start_method_of(knobs);
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Compute{Kernel::image_filter, work}});
    Scenario native = scenario; // as Pillow does it
    for (Task& task : native.tasks) task.steps = {NativeCall{Kernel::image_filter, work, false}};
    return {variant_of(scenario, ExecutionModel::sequential), variant_of(scenario, ExecutionModel::threads),
            variant_of(native, ExecutionModel::threads, "native"), variant_of(scenario, ExecutionModel::process_pool),
            variant_of(scenario, ExecutionModel::free_threaded)};
}

/// Threads whose native code lets go of the GIL help as much as processes from this share of their speed on.
constexpr double as_good = 0.9;

std::string about_native(const Report& report, const VariantReport& pool) {
    const VariantReport* native = find_variant(report, "threads:native");
    if (native == nullptr) return {};
    const std::string speed = factor_text(native->speedup);
    if (native->speedup >= as_good * pool.speedup) {
        return "But processes are not needed for it: Pillow lets go of the GIL, and threads that do so were " + speed +
               ".";
    }
    return "Threads that let go of the GIL in native code, as Pillow does, were " + speed + ".";
}

Verdict judge_image_processing(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "threads", "process_pool"})) return *verdict;
    const VariantReport& threads = *find_variant(report, "threads");
    const VariantReport& pool = *find_variant(report, "process_pool");
    std::string why = "Processes did " + counted(static_cast<std::int64_t>(pool.scenario.tasks.size()), "picture") +
                      " " + factor_text(pool.speedup) + " as fast as sequential, threads that keep the GIL " +
                      factor_text(threads.speedup) + ". ";
    if (pool.speedup < gain) {
        if (auto verdict = why_not_parallel(report, pool, why)) return *verdict;
        if (auto verdict = why_crowded(report, pool, why)) return *verdict;
        return verdict_for(report, Holds::no, why + about_start(report, pool));
    }
    return verdict_for(report, threads.speedup < gain ? Holds::yes : Holds::no, why + about_native(report, pool));
}

} // namespace

Experiment image_processing_experiment() {
    Experiment experiment{};
    experiment.id = "image-processing";
    experiment.script = "image_processing.py";
    experiment.group = "Processes";
    experiment.label = "Image processing";
    experiment.title = "Processes speed up image processing";
    experiment.claim = "Resizing and sharpening pictures is CPU work, which processes spread over the cores.";
    experiment.why =
        "Resizing and sharpening compute all the time, so threads that hold the GIL take turns while each process has "
        "a core to itself. But Pillow is C code that releases the GIL while it filters, so with real pictures threads "
        "run side by side too. A task here resizes and sharpens one small picture (128×96) again and again, as long "
        "as \"work per task\" says, and checks the result; no pictures cross to the processes, as in the post, which "
        "sends file names.";
    experiment.knobs = {tasks_knob(8), work_ms_knob(60), workers_knob(4), start_method_knob()};
    experiment.about_variants =
        "native: the filter is native code that lets go of the GIL, as Pillow's is. (In the Python script, "
        "zlib stands for it.)";
    experiment.make = make_image_processing;
    experiment.fidelity = {"workers=2"};
    experiment.judge = judge_image_processing;
    return experiment;
}

} // namespace gil
