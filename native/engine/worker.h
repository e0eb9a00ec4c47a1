// The inside of a worker process, whatever start method made it.
#pragma once

#include <sys/types.h>

namespace gil::native {

/// The body of a worker process that has just been forked: closes every other descriptor, does what its parent says
/// over `socket` (core/measure/child_program.h), ends the process. Exit code 0: it reported; 1: the parent is gone.
/// `parent` is the process that forked it; the worker dies with it.
[[noreturn]] void run_forked_worker(int socket, pid_t parent, int delay_port);

/// The same for a fresh process (spawn), which has the socket as its standard input.
[[noreturn]] void run_spawned_worker(int delay_port);

} // namespace gil::native
