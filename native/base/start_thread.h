// Threads that the system may refuse: an Error instead of an exception.
#pragma once

#include <system_error>
#include <utility>

#include "core/base/result.h"
#include "native/base/failure.h"
#include "native/base/posix.h"

namespace gil::native {

/// Starts `body` on `thread`, a std::thread or std::jthread, with all signals blocked: they are the main thread's. An
/// Error, and `thread` as it was, when the system has none left. Any thread.
template<class Thread, class Body>
[[nodiscard]] Result<Nothing> start_thread(Thread& thread, Body&& body) {
    const BlockedSignals blocked;
    try {
        thread = Thread(std::forward<Body>(body));
    } catch (const std::system_error&) {
        return describe_exception(std::current_exception());
    }
    return Nothing{};
}

} // namespace gil::native
