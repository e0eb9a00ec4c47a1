// What was meant, on the terminal: wherever something is named, and named nearly right.
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("command line: a near miss is told what was meant, wherever something is named", "[native]") {
    const TimeLimit limit(60);
    const struct {
        std::vector<std::string> arguments;
        const char* words;
    } table[] = {
        {{"run", "cpubound"}, "there is no experiment \"cpubound\"; did you mean cpu-bound? (accepted: cpu-bound, "},
        {{"simulate", "io_bound"}, "did you mean io-bound? ("},
        {{"python", "pikling", "--print"}, "did you mean pickling? ("},
        {{"fidelity", "locks"}, "did you mean lock? ("},
        {{"run", "all", "--only", "lock,hybird"}, "--only: there is no experiment \"hybird\"; did you mean hybrid? ("},
        {{"run", "cpu-bound", "--set", "wrokers=3"}, "did you mean workers? ("},
        {{"run", "cpu-bound", "--set", "start_method=forks"}, "did you mean fork? ("},
        {{"run", "cpu-bound", "--variants", "thread"}, "did you mean threads? ("},
        {{"completion", "bahs"}, "did you mean bash? ("},
        {{"desktp"}, "did you mean desktop? ("},
        {{"desktop", "cpu-bond"}, "did you mean cpu-bound? ("},
        {{"desktop", "cpu-bound?taks=3"}, "there is no such setting here; did you mean tasks?"},
    };
    const bool no_window = run_gilplay({"desktop", "nonsense"}).err.find("there is no command") != std::string::npos;
    for (const auto& [arguments, words] : table) {
        if (no_window && arguments.front().starts_with("desk")) continue;
        const Finished finished = run_gilplay(arguments);
        CAPTURE(finished.err);
        CHECK(finished.status == 2);
        CHECK(finished.err.find(words) != std::string::npos);
    }
}
