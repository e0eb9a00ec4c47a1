// What a script of python_script.h answers to --json, read strictly, as a Report of origin cpython. CPython keeps no
// trace: such a report has wall times, CPU time and observations, and its other metrics are not known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/experiments/experiment.h"
#include "core/report/report.h"

namespace gil {

/// Who ran the script.
struct PythonInterpreter {
    std::string path;
    std::string version;        ///< "3.11.2"
    std::string implementation; ///< "CPython"
    std::optional<bool> gil;    ///< whether it runs with a GIL; nothing where it cannot be told
    bool operator==(const PythonInterpreter&) const = default;
};

/// "CPython 3.13.5 without a GIL"
[[nodiscard]] std::string describe(const PythonInterpreter& interpreter);
[[nodiscard]] Json to_json(const PythonInterpreter& interpreter);

/// {"version", "implementation", "gil"} and what `path` says.
[[nodiscard]] Result<PythonInterpreter> interpreter_from_json(const Json& json, std::string path);

struct CpythonAnswer {
    PythonInterpreter interpreter; ///< its path is not told by the script and left empty
    Report report;                 ///< with speed-ups, and judged by the experiment
};

/// Reads `text`, the script's whole standard output. A variant that could not run or failed is `unavailable` with the
/// reason, also one that the script did not mention; one that is not in `variants` is an error. `machine` is the
/// computer on which it ran. Never throws.
[[nodiscard]] Result<CpythonAnswer> read_cpython_answer(std::string_view text, const Experiment& experiment,
                                                        const Knobs& knobs, std::span<const Variant> variants,
                                                        const Machine& machine);

} // namespace gil
