// What of a scenario can be measured in this place: the engine tells it when it starts, the front end shows it.
#pragma once

#include <array>
#include <string>

namespace gil {

/// What can be measured here. An empty reason means: available; otherwise it is a sentence for the reader.
struct Capabilities {
    std::string engine;           ///< "native, g++ 12.2, Linux x86-64" or "wasm with threads, Chrome 156"
    int hardware_concurrency = 1; ///< what the platform claims; may lie, so cores are calibrated
    std::string no_threads;       ///< all models with threads need shared memory
    std::string no_processes;
    std::string no_process_threads;     ///< threads inside a worker process (hybrid, a crash beside other threads)
    std::string no_shared_blocks;       ///< memory that several processes see (Value, Array, shared_memory)
    std::array<std::string, 5> no_wait; ///< by WaitKind, for example "a page has no files"
    std::array<std::string, 3> no_start_method; ///< by StartMethod, for example "a browser cannot fork"
    int max_threads = 64;
    int max_processes = 64;
};

} // namespace gil
