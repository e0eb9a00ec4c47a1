// The answer to one experiment or scenario: per variant the spread, the metrics and the trace of the median run, and
// the verdict. The UI draws it, the command line prints it, --json writes it.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/machine/machine.h"
#include "core/scenario/scenario.h"
#include "core/trace/metrics.h"
#include "core/trace/run.h"

namespace gil {

enum class Holds : std::uint8_t { yes, no, cannot_tell };

struct Verdict {
    Holds holds = Holds::cannot_tell;
    std::string headline; ///< "Holds on this machine."
    std::string why;      ///< one or two sentences with the numbers
};

struct VariantReport {
    std::string name;
    Scenario scenario;
    std::string series;                  ///< in a sweep: the line that this point belongs to
    double x = 0;                        ///< in a sweep: where it stands on the x axis
    std::string unavailable;             ///< not empty: why it did not run here; then everything below is empty
    Spread wall_ms;                      ///< over the repeats
    std::vector<double> wall_samples_ms; ///< in the order they ran
    double speedup = 0;                  ///< sequential's median / this median; 0 when there is no sequential variant
    bool outputs_ok = true;              ///< measured: every repeat did the same, correct work
    Metrics metrics;                     ///< of the median run
    Run median_run;
};

/// What `unavailable` begins with where a variant can run here and did not come to its end.
inline constexpr std::string_view failure_mark = "it failed: ";

[[nodiscard]] bool has_failed(const VariantReport& variant);

/// Whether the metrics that come from a trace are known: CPython keeps none, and a program that was ended with all its
/// threads took its own with it.
[[nodiscard]] bool knows_trace(const VariantReport& variant, Origin origin);

struct Report {
    std::string experiment; ///< id, or "scenario"
    Json knobs = Json::object();
    Origin origin = Origin::simulated;
    Machine machine;
    std::string engine;   ///< who measured: "native g++ 12.2 linux", "wasm, Chromium"; empty when simulated
    bool stopped = false; ///< the reader ended the run before all that it asked for had been measured
    std::vector<VariantReport> variants;
    Verdict verdict;
};

/// Counted runs of every variant after a warm-up, when nobody asks for another number, and how many may be asked for.
inline constexpr int default_repeats = 3;
inline constexpr int max_repeats = 100;

/// The first variant whose simulation was stopped before its end; nullptr when there is none.
[[nodiscard]] const VariantReport* find_stopped(const Report& report);

/// Why `variant`, which was stopped, has no end: "stopped at 12.5 ms of virtual time with 3 of 10 tasks done: ...".
[[nodiscard]] std::string stop_text(const VariantReport& variant);

/// How often its variants ran; 0 where none did.
[[nodiscard]] int repeats_in(const Report& report);

/// "medians of 3 runs", "one run each (no spread)"
[[nodiscard]] std::string repeats_text(int repeats);

/// nullptr when there is no such variant or it did not run.
[[nodiscard]] const VariantReport* find_variant(const Report& report, std::string_view name);

/// What is known of a variant before it has run.
[[nodiscard]] VariantReport report_without_run(const Variant& variant);

/// Builds the report of one variant from its repeated runs (at least one).
[[nodiscard]] VariantReport summarise(const Variant& variant, std::vector<Run> runs, bool outputs_ok);

/// Fills every variant's speed-up from the sequential variant: in a sweep that of the same x, and where there are two
/// kinds of work ("sequential:cpu", "sequential:io") that with the same suffix. 0 where no sequential variant does the
/// same work, and where one of the two was stopped.
void fill_speedups(Report& report);

/// The document of `--json`; docs/ describes every field. Holds no trace.
[[nodiscard]] Json to_json(const Report& report);

/// One variant of a report with its trace, without its scenario and place in a sweep, which who asked for it knows.
[[nodiscard]] Json to_message(const VariantReport& variant);
[[nodiscard]] Result<VariantReport> variant_from_message(const Json& json, const std::string& path, Origin origin);

/// The whole report with traces, as it travels from the engine to its front end, and back again.
[[nodiscard]] Json to_message(const Report& report);
[[nodiscard]] Result<Report> report_from_message(const Json& json);

/// Chrome trace-event JSON of all variants (Perfetto and chrome://tracing open it): a process per variant and
/// interpreter, a thread per lane, one more lane for who holds the GIL. One event a line.
[[nodiscard]] std::string to_chrome_trace(const Report& report);
/// About the length of that text, by the intervals of the traces.
inline constexpr std::uint64_t chrome_trace_bytes_per_interval = 250;

} // namespace gil
