// The smallest HTTP client that will do: GET /delay?ms=N from the delay server on loopback.
#pragma once

#include <functional>

#include "core/result.h"
#include "core/units.h"
#include "native/event_loop.h"

namespace gil::native {

/// Blocks the calling thread until the answer is in, at most 10 s longer than `delay`. Any thread.
[[nodiscard]] Result<Nothing> http_delay(int port, Nanoseconds delay);

/// The same on a non-blocking socket; `then` runs from the loop, never from inside this call. The loop's thread.
void http_delay_async(EventLoop& loop, int port, Nanoseconds delay, std::function<void(Result<Nothing>)> then);

} // namespace gil::native
