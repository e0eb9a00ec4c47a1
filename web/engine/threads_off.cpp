// The build without pthreads: it opens everywhere, and is what every worker process runs.
#include "web/engine/threads.h"

#include <cassert>

namespace gil::web {

bool built_with_threads() {
    return false;
}

void block_for(Nanoseconds) {
    assert(false && "blocking needs shared memory");
}

void request_threads(int, int) {
    assert(false && "this build cannot start threads");
}

} // namespace gil::web
