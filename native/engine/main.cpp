// gilplay-engine: the engine process and, started by it, spawned workers. gilplay starts it; it is not for users.
#include <cstdio>

#include "native/base/failure.h"
#include "native/engine/engine_main.h"

namespace {

int engine(int argc, char** argv) {
    if (const auto status = gil::native::run_hidden_command(argc, argv)) return *status;
    std::fputs("gilplay-engine is started by gilplay; run that instead\n", stderr);
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    return gil::native::run_guarded(engine, argc, argv);
}
