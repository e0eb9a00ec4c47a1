// How long this program waits for a process that does not answer, before it ends it.
#pragma once

#include <algorithm>

#include "core/base/units.h"
#include "core/engine/silence.h"
#include "native/engine/forkserver.h"

namespace gil::native {

/// Tests of limits cannot wait for minutes.
struct Limits {
    Nanoseconds longest = 24 * 3'600 * second; ///< no limit of this process is longer
};

/// Shortened by the environment: GILPLAY_LIMIT_MS, for tests. What it says is passed on to the engine.
[[nodiscard]] Limits limits_from_environment();

[[nodiscard]] inline SilenceLimits silence_limits(const Limits& limits) {
    SilenceLimits silence;
    silence.told = std::min(silence.told, limits.longest / 3);
    silence.longest = limits.longest;
    return silence;
}

[[nodiscard]] inline Nanoseconds forkserver_patience(const Limits& limits) {
    return std::min(limits.longest, Forkserver::usual_patience);
}

} // namespace gil::native
