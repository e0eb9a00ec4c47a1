// What the tests of native/ share: a time limit, a look at /proc, running the built program.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/cpython/cpython_report.h"
#include "core/measure/host.h"
#include "native/base/event_loop.h"

namespace gil::native::test {

/// The gilplay of this build.
inline const std::string gilplay = GIL_BUILD_DIR "/gilplay";

/// Ends the whole test program by SIGALRM when a test takes longer.
class TimeLimit {
  public:
    explicit TimeLimit(unsigned seconds);
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;
};

/// One line of /proc/PID/stat.
struct ProcessInfo {
    pid_t pid = 0;
    char state = '?'; ///< 'Z': a zombie
    pid_t parent = 0;
    pid_t group = 0;
};
[[nodiscard]] std::vector<ProcessInfo> processes_where(const std::function<bool(const ProcessInfo&)>& wanted);
[[nodiscard]] std::vector<ProcessInfo> children_of(pid_t parent);
[[nodiscard]] std::vector<ProcessInfo> members_of(pid_t group);

/// Polls until `done` or the time is over.
[[nodiscard]] bool eventually(const std::function<bool()>& done, Nanoseconds patience = 10 * second);

/// Rounds of the loop until `done` or the time is over.
[[nodiscard]] bool run_until(EventLoop& loop, const std::function<bool()>& done, Nanoseconds patience = 20 * second);

struct Finished {
    int status = -1; ///< exit status, or 128 + signal
    std::string out;
    std::string err;
};
/// Runs the program at `path` with `input` on its standard input; status -1 when it could not be started.
[[nodiscard]] Finished run_program(const std::string& path, const std::vector<std::string>& arguments,
                                   const std::string& input = "");
/// The same for gilplay.
[[nodiscard]] Finished run_gilplay(const std::vector<std::string>& arguments, const std::string& input = "");

/// Starts gilplay, whose output is thrown away, and goes on once it is that program; the caller waits for its end.
/// `ignored`: a signal that it ignores from its start, as under nohup; 0: none.
[[nodiscard]] pid_t start_gilplay(std::vector<std::string> arguments, int ignored = 0);

/// A usable Python of this machine; nothing where there is none. Blocks.
[[nodiscard]] std::optional<PythonInterpreter> some_python();

/// A file of the repository, "docs/report.schema.json"; fails the running test when it cannot be read.
[[nodiscard]] std::string repository_text(const std::string& path);
/// The same as JSON.
[[nodiscard]] Json repository_json(const std::string& path);

/// `workers` processes with `tasks` tasks each, which compute for `work_ms` and then sleep for `sleep_ms`.
[[nodiscard]] Scenario make_processes(StartMethod method, int workers, int tasks, double work_ms, double sleep_ms);

} // namespace gil::native::test
