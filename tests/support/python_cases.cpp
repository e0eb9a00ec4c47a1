#include "tests/support/python_cases.h"

#include <cassert>

namespace gil::test {

namespace {

Knob whole(std::string_view name, double fallback, double min = 1, double max = 64) {
    return {name, name, {}, KnobKind::integer, min, max, fallback};
}

Knob real(std::string_view name, double fallback, double min = 0.01, double max = 2'000) {
    return {name, name, "ms", KnobKind::real, min, max, fallback};
}

Knob start_method() {
    Knob knob{"start_method", "start method", {}, KnobKind::choice, 0, 2, 1};
    knob.choices = {"fork", "forkserver", "spawn"};
    return knob;
}

Knob kernel() {
    Knob knob{"kernel", "kernel", {}, KnobKind::choice, 0, 4, 0};
    knob.choices = {"sum_of_squares", "image_filter", "numeric", "encryption", "parsing"};
    return knob;
}

Knob io() {
    Knob knob{"io", "io", {}, KnobKind::choice, 0, 4, 0};
    knob.choices = {"wait", "http", "socket", "file", "database"};
    return knob;
}

Knob switch_interval() {
    return real("switch_interval_ms", 5, 0.1, 100);
}

ScriptCase described(std::string_view id, std::vector<Knob> knobs, std::vector<std::string_view> variants,
                     bool sweep = false) {
    ScriptCase known;
    known.experiment = Experiment{};
    known.experiment.id = id;
    known.experiment.knobs = std::move(knobs);
    known.variants = std::move(variants);
    known.sweep = sweep;
    return known;
}

std::vector<ScriptCase> lock_cases() {
    return {
        described(
            "cpu-bound",
            {whole("tasks", 4), real("work_ms", 150), whole("workers", 4), kernel(), switch_interval(), start_method()},
            {"sequential", "threads", "processes", "subinterpreters", "free_threaded", "asyncio"}),
        described(
            "gil-release",
            {whole("requests", 40, 10, 200), whole("neighbours", 1, 1, 8), switch_interval(), real("native_ms", 20)},
            {"threads:alone", "threads:beside", "threads:native_keeps", "threads:native_releases", "free_threaded"}),
        described(
            "lock", {whole("workers", 10), whole("increments", 300'000, 1, 1e6), switch_interval()},
            {"threads:3.9", "threads:3.10", "threads:call", "free_threaded", "threads:locked", "free_threaded:locked"}),
        described("free-threading",
                  {whole("tasks", 4), real("work_ms", 100), whole("workers", 4), whole("increments", 200'000, 1, 1e6)},
                  {"sequential", "threads", "free_threaded", "threads:shared", "free_threaded:shared"})};
}

std::vector<ScriptCase> waiting_cases() {
    return {described("io-bound", {whole("tasks", 10), real("wait_ms", 50, 1), whole("workers", 10), io()},
                      {"sequential", "threads", "asyncio", "processes", "free_threaded"}),
            described("web-scraper",
                      {whole("tasks", 20), real("wait_ms", 40, 1), real("work_ms", 2), whole("workers", 10), io()},
                      {"sequential", "threads", "thread_pool", "asyncio", "process_pool"}),
            described("thread-pool", {whole("tasks", 10), real("wait_ms", 50, 1), whole("workers", 5), io()},
                      {"sequential", "threads", "thread_pool", "asyncio"})};
}

std::vector<ScriptCase> process_cases() {
    return {described("process-pool",
                      {whole("tasks", 8), real("work_ms", 60), whole("workers", 4), kernel(), start_method(),
                       whole("chunksize", 1)},
                      {"sequential", "thread_pool", "process_pool", "subinterpreters"}),
            described("process-overhead",
                      {whole("tasks", 64), whole("workers", 4), start_method(), whole("chunksize", 1)},
                      {"sequential", "thread_pool", "process_pool"}, true),
            described("pickling", {whole("tasks", 8, 1, 16), whole("workers", 2), start_method()},
                      {"sequential", "process_pool:pickle", "process_pool:shared_memory", "process_pool:lambda"}, true),
            described("shared-data", {whole("workers", 5), whole("increments", 20'000, 1, 1e6), start_method()},
                      {"processes:queue", "processes:once", "processes:unlocked", "processes:locked"}),
            described("isolation", {whole("tasks", 4, 2, 16)},
                      {"threads:exception", "threads:abort", "threads:stray_write", "processes:abort",
                       "processes:stray_write", "process_pool:abort"}),
            described("image-processing", {whole("tasks", 8), real("work_ms", 60), whole("workers", 4), start_method()},
                      {"sequential", "threads", "threads:native", "process_pool", "free_threaded"})};
}

std::vector<ScriptCase> choosing_cases() {
    return {described("hybrid",
                      {whole("tasks", 8), real("wait_ms", 40, 1), real("work_ms", 30), whole("workers", 2, 1, 16),
                       whole("threads_per_process", 4, 1, 16)},
                      {"sequential", "threads", "process_pool", "asyncio", "hybrid:threads", "hybrid:asyncio"}),
            described("pool-size", {whole("tasks", 32), real("work_ms", 10), real("wait_ms", 10, 1), start_method()},
                      {"sequential:cpu", "sequential:io", "process_pool:cpu", "thread_pool:io"}, true),
            described("sequential", {whole("tasks", 20), real("work_ms", 0.05), whole("workers", 4), start_method()},
                      {"sequential", "threads", "thread_pool", "process_pool", "asyncio"})};
}

} // namespace

std::span<const ScriptCase> script_cases() {
    static const std::vector<ScriptCase> cases = [] {
        std::vector<ScriptCase> all;
        for (const auto& group : {lock_cases(), waiting_cases(), process_cases(), choosing_cases()}) {
            all.insert(all.end(), group.begin(), group.end());
        }
        return all;
    }();
    return cases;
}

const ScriptCase& script_case(std::string_view id) {
    for (const ScriptCase& known : script_cases()) {
        if (known.experiment.id == id) return known;
    }
    assert(false && "no such script");
    return script_cases().front();
}

} // namespace gil::test
