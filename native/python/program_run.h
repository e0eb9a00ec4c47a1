// Another program, run under a limit of time and output, of which nothing is left afterwards.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/base/units.h"

namespace gil::native {

struct ProgramLimits {
    Nanoseconds time = 60 * second;
    std::size_t output_bytes = 4u << 20; ///< of standard output
    int interrupt_fd = -1;               ///< ends the program when it becomes readable; -1: none
    std::string temporary_folder{};      ///< its TMPDIR; empty: ours
    std::string remove_when_killed{};    ///< a folder that goes with the program when this process is killed
};

struct ProgramEnd {
    enum class Kind { ended, not_started, too_slow, too_much, interrupted };
    Kind kind = Kind::ended;
    int status = 0;  ///< as of waitpid, when it ended
    int error = 0;   ///< an errno value, when it was not started
    std::string out; ///< whole, at most the limit
    std::string err; ///< the last few KiB of standard error
};

/// Runs command[0] (a path) and waits for its end. Its standard input is empty; it has a process group of its own, so
/// that Ctrl-C in a terminal does not reach it. However it ends, and also when this process is killed, every process
/// that it has started is ended too, even one that left the group. `tick` is called a few times a second meanwhile.
/// Blocks; any thread.
[[nodiscard]] ProgramEnd run_program(std::vector<std::string> command, const ProgramLimits& limits,
                                     const std::function<void()>& tick = {});

} // namespace gil::native
