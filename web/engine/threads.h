// What differs between engine-threads.wasm and engine.wasm: CMake compiles threads_on.cpp or threads_off.cpp.
#pragma once

#include "core/base/units.h"

namespace gil::web {

/// Whether this build has pthreads.
[[nodiscard]] bool built_with_threads();

/// Blocks the calling thread or Worker for about `duration` or less (it may wake early); the caller looks at the
/// clock and calls again. Never called where built_with_threads() is false.
void block_for(Nanoseconds duration);

/// Loads Workers until `count` pthreads can start at once, then calls gil_on_prepared(id, ...).
void request_threads(int count, int id);

} // namespace gil::web
