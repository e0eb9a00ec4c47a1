// The printed script run by hand, without gilplay: its own options; and what Pythons that are interrupted leave behind.
#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/cpython/python_script.h"
#include "native/base/posix.h"
#include "native/python/program_run.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

/// A file with the script of an experiment with its defaults, gone with this object.
class ScriptFile {
  public:
    explicit ScriptFile(std::string_view experiment) {
        const Experiment& found = *find_experiment(experiment);
        std::ofstream(path_) << python_script(found, Knobs(found.knobs));
    }
    ~ScriptFile() { std::filesystem::remove(path_); }
    ScriptFile(const ScriptFile&) = delete;
    ScriptFile& operator=(const ScriptFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_ = "/tmp/gilplay-script-" + std::to_string(::getpid()) + ".py";
};

std::size_t shared_memory_names() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
        const std::string name = entry.path().filename();
        if (name.starts_with("psm_") || name.starts_with("sem.mp-")) ++count;
    }
    return count;
}

} // namespace

TEST_CASE("Python scripts refuse bad options and run with good ones", "[native][scripts]") {
    const TimeLimit limit(120);
    const auto python = some_python();
    if (!python) SKIP("there is no Python");
    const ScriptFile script("cpu-bound");
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--repeats"},
                                                    {"--repeats", "abc"},
                                                    {"--repeats", "0"},
                                                    {"--repeats", "101"},
                                                    {"--variants", "nosuch"},
                                                    {"nonsense"}}) {
        std::vector<std::string> arguments{script.path()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Finished finished = run_program(python->path, arguments);
        CAPTURE(options, finished.err);
        CHECK(finished.status == 2);
        CHECK(finished.out.empty());
        CHECK(finished.err.find("Traceback") == std::string::npos);
        CHECK(finished.err.find("error: ") != std::string::npos);
    }
    const Finished finished =
        run_program(python->path, {script.path(), "--json", "--repeats", "1", "--variants", "sequential"});
    CHECK(finished.status == 0);
    CHECK(Json::parse(finished.out)["variants"].size() == 1);
}

TEST_CASE("Python scripts that are interrupted leave no shared memory behind", "[native][scripts]") {
    const TimeLimit limit(120);
    const auto python = some_python();
    if (!python || !std::filesystem::exists("/dev/shm")) SKIP("there is no Python, or no /dev/shm");
    const ScriptFile script("pickling");
    const std::size_t before = shared_memory_names();
    std::size_t most = before;
    ProgramLimits limits;
    limits.time = 4 * second; // it would run much longer
    const auto end = gil::native::run_program(
        {python->path, script.path(), "--repeats", "100", "--variants", "process_pool:shared_memory@4194304"}, limits,
        [&] { most = std::max(most, shared_memory_names()); });
    CHECK(end.kind == ProgramEnd::Kind::too_slow);
    CHECK(most > before);
    CHECK(shared_memory_names() == before);
}

TEST_CASE("calibrate --interpreter that is interrupted ends as a run does", "[native]") {
    const TimeLimit limit(120);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    // What is temporary for it and for its Python.
    std::string folder = std::filesystem::temp_directory_path() / "gilplay-test-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const char* before = std::getenv("TMPDIR");
    const std::string ours = before ? before : "";
    ::setenv("TMPDIR", folder.c_str(), 1);
    const pid_t child = start_gilplay({"calibrate", "--interpreter", python->path});
    if (before) ::setenv("TMPDIR", ours.c_str(), 1);
    if (!before) ::unsetenv("TMPDIR");
    // The script that measures costs starts processes; the one that asks for the version does not.
    CHECK(eventually([&] {
        const auto pythons = children_of(child);
        return !pythons.empty() && !children_of(pythons.front().pid).empty();
    }));
    ::kill(child, SIGINT);
    const int status = wait_for_exit(child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
    CHECK(std::filesystem::is_empty(folder)); // multiprocessing would have left sockets
    std::filesystem::remove_all(folder);
}
