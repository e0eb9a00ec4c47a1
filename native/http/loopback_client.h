// Waits whose other end is the delay server on loopback: an HTTP request, or a byte to and fro over a plain socket.
#pragma once

#include <functional>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/scenario/scenario.h"
#include "native/base/event_loop.h"

namespace gil::native {

/// `kind` is http or socket. Blocks the calling thread until the answer is in, at most 10 s longer than `delay`.
/// Any thread.
[[nodiscard]] Result<Nothing> loopback_wait(WaitKind kind, int port, Nanoseconds delay);

/// The same on a non-blocking socket; `then` runs from the loop, never from inside this call. The loop's thread.
void loopback_wait_async(EventLoop& loop, WaitKind kind, int port, Nanoseconds delay,
                         std::function<void(Result<Nothing>)> then);

} // namespace gil::native
