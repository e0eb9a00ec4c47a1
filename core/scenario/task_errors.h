// What the caller of a task sees instead of its result; the same words simulated and measured.
#pragma once

#include "core/scenario/scenario.h"

namespace gil {

/// A function travels as its module and name (pickle by reference), and this one has none to be found by.
inline constexpr const char* lambda_error =
    "PicklingError: Can't pickle <function <lambda>>: it's not found as __main__.<lambda>";
inline constexpr const char* broken_pool_error =
    "BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending.";
inline constexpr const char* exception_error = "ValueError: the task failed on purpose";
inline constexpr const char* not_run_error = "not run";

} // namespace gil
