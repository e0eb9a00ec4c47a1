// The one place where an exception that nobody caught becomes words: no memory, no thread, whatever else escapes. Used
// by every main and by every process that is forked.
#pragma once

#include <exception>
#include <string>

#include "core/base/result.h"

namespace gil::native {

/// `exception` as an error to tell: what there is not enough of, or what it says. Any thread.
[[nodiscard]] Error describe_exception(std::exception_ptr exception);

/// Runs `body` and returns its status. An exception that leaves it is one line on standard error and status 1, after
/// all that `body` owns is gone. So is one that nothing can catch (another thread's, one that leaves a noexcept
/// function), which ends the process at once. For main().
[[nodiscard]] int run_guarded(int (*body)(int, char**), int argc, char** argv);

/// From now on this process ends with a status that describe_failure knows, when it gets no more memory and when an
/// exception escapes: what is to be said is said by its parent. For the engine and whatever it forks.
void fail_by_status();

/// "ran out of memory" for an exit status of a process that called fail_by_status; nullptr for any other.
[[nodiscard]] const char* describe_failure(int exit_status);

} // namespace gil::native
