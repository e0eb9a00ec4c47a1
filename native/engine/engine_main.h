// What gilplay-engine does: the engine process and the spawned worker process. Not for users.
#pragma once

#include <optional>

namespace gil::native {

/// Runs the hidden command that `argv` names, if it names one, and returns its exit status:
/// --engine-fd FD PORT: the engine, talking over the socket FD; --process-worker PORT: a worker with its socket as
/// standard input. PORT is the delay server's, 0: none. Must come before anything starts a thread.
[[nodiscard]] std::optional<int> run_hidden_command(int argc, char** argv);

/// The engine process: ends when `socket` does, and ends its workers. Blocks until then.
[[nodiscard]] int run_engine(int socket, int delay_port);

} // namespace gil::native
