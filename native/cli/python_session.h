// CPythons for one command: found, asked, calibrated, and an experiment's script run in each. Progress and what goes
// wrong with one of them is told on standard error; the others go on.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/cpython/cpython_report.h"
#include "core/machine/machine.h"
#include "native/cli/options.h"

namespace gil::native {

struct FoundPythons {
    std::vector<PythonInterpreter> interpreters; ///< each once, at least one unless `status` says otherwise
    int status = 0;                              ///< the exit status when nothing more can be done
};

/// Asks every program what it is, each for at most `limit` (0: as long as is reasonable); those on PATH when none is
/// named. Of these not every one need answer: a version manager has a name on PATH for each Python it knows of. Blocks.
[[nodiscard]] FoundPythons find_pythons(std::span<const std::string> programs, Nanoseconds limit);

struct PythonAnswers {
    std::vector<CpythonAnswer> answers; ///< of those that gave a result
    int status = 0;                     ///< as above
};

/// Runs the script of `choice` in every interpreter, each for at most `limit` (0: by what the simulation says). Blocks.
[[nodiscard]] PythonAnswers run_pythons(std::span<const PythonInterpreter> interpreters, const Choice& choice,
                                        int repeats, Nanoseconds limit, const Report& simulated);

struct CalibratedPython {
    Machine machine;
    int status = 0; ///< 0, or the exit status; what went wrong has been told
};

/// What this CPython's threads, processes and messages cost on this computer. What cannot be measured keeps its
/// default. Blocks, some seconds to a minute.
[[nodiscard]] CalibratedPython calibrate_python(const PythonInterpreter& interpreter);

} // namespace gil::native
