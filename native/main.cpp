// gilplay: the command line, the desktop window, and, where gilplay-engine is not beside it, the engine and its
// workers.
#include <csignal>
#include <vector>

#include "native/base/failure.h"
#include "native/base/posix.h"
#include "native/cli/command_line.h"
#include "native/engine/engine_main.h"

#ifdef GIL_DESKTOP
#include "native/desktop/desktop.h"
#endif

namespace {

int gilplay(int argc, char** argv) {
    if (const auto status = gil::native::run_hidden_command(argc, argv)) return *status;
    // Whoever started us may have ignored it; a reader of our output that leaves must end us quietly.
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_IGN); // a file over the limit is an error to be told
    gil::native::fill_standard_descriptors();
    gil::native::raise_descriptor_limit();
    std::vector<gil::native::AddCommand> more;
#ifdef GIL_DESKTOP
    more.push_back(gil::native::add_desktop);
#endif
    return gil::native::run_command_line(argc, argv, more);
}

} // namespace

int main(int argc, char** argv) {
    return gil::native::run_guarded(gilplay, argc, argv);
}
