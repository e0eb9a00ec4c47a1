// The build with pthreads: waiting is Atomics.wait, and the pool of Workers grows before a run (library_threads.js).
#include "web/engine/threads.h"

#include <cstdint>

#include <emscripten/threading.h>

extern "C" {
/// library_threads.js. Engine's thread only; answers by gil_on_prepared from the event loop.
void gil_prepare_threads(int count, int id);
}

namespace gil::web {

bool built_with_threads() {
    return true;
}

void block_for(Nanoseconds duration) {
    // Nobody ever changes or notifies this word, so the wait ends by its timeout (nanosecond resolution in the wasm
    // instruction). emscripten_futex_wait also serves what pthreads ask of the engine's thread before it sleeps.
    static const volatile std::uint32_t never = 0;
    emscripten_futex_wait(const_cast<volatile std::uint32_t*>(&never), 0, to_ms(duration));
}

void request_threads(int count, int id) {
    gil_prepare_threads(count, id);
}

} // namespace gil::web
