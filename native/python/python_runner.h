// CPython as it is found on this computer, and an experiment's script run in it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/cpython/cpython_report.h"

namespace gil::native {

/// Programs on PATH that are called like a Python that the scripts run in (python3.9 to python3.14, free-threaded
/// builds python3.13t and python3.14t, python3), each file once.
[[nodiscard]] std::vector<std::string> pythons_on_path();

/// `name` as a path to a file that may be executed; a name without '/' is looked for on PATH. An Error otherwise.
[[nodiscard]] Result<std::string> find_program(const std::string& name);

/// How long something may take, and what ends it early.
struct PythonLimits {
    Nanoseconds time = 60 * second;
    int interrupt_fd = -1;        ///< readable: stop; the answer is then an Error
    std::function<void()> tick{}; ///< called a few times a second while something runs
};

struct FoundPython {
    PythonInterpreter interpreter; ///< its path is the one it is to be run by
    std::string executable;        ///< its own file, without links: the same for two names of one Python
};

/// Asks the program at `path` what it is. An Error when it is no Python, too old, or does not answer in time.
[[nodiscard]] Result<FoundPython> ask_python(const std::string& path, const PythonLimits& limits);

/// Writes `script` to a folder of its own and runs it there. The result is what it printed. An Error when it fails,
/// takes longer than allowed or prints without end; whatever it started has ended when this returns.
[[nodiscard]] Result<std::string> run_script(const PythonInterpreter& interpreter, std::string_view name,
                                             std::string_view script, std::vector<std::string> arguments,
                                             const PythonLimits& limits);

} // namespace gil::native
