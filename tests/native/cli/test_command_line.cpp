#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/experiments/experiment.h"
#include "native/base/posix.h"
#include "native/cli/options.h"
#include "native/cli/report_table.h"
#include "tests/native/support.h"
#include "tests/native/terminal.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

long lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

/// Exit status 2, nothing on standard output, one line on standard error.
void check_refused(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Finished finished = run_gilplay(arguments, input);
    std::string line;
    for (const std::string& argument : arguments) line += " [" + argument + "]";
    CAPTURE(line, finished.err);
    CHECK(finished.status == 2);
    CHECK(finished.out.empty());
    CHECK(lines_in(finished.err) == 1);
    CHECK(finished.err.ends_with("\n"));
    CHECK(finished.err.starts_with("gilplay: "));
}

} // namespace

TEST_CASE("command line: bad usage is exit status 2 and one line", "[native]") {
    const TimeLimit limit(300);
    const std::vector<std::vector<std::string>> table{
        {},
        {""},
        {"nonsense"},
        {"--nonsense"},
        {"list", "extra"},
        {"list", "--nonsense"},
        {"run"},
        {"run", ""},
        {"run", "nonsense"},
        {"run", "cpu-bound", "extra"},
        {"run", "two\nlines"},
        {"run", "\xff\xfe"},
        {"run", "cpu-bound", "--set"},
        {"run", "cpu-bound", "--set", ""},
        {"run", "cpu-bound", "--set", "workers"},
        {"run", "cpu-bound", "--set", "=3"},
        {"run", "cpu-bound", "--set", "nonsense=3"},
        {"run", "cpu-bound", "--set", "tasks="},
        {"run", "cpu-bound", "--set", "tasks=-5"},
        {"run", "cpu-bound", "--set", "tasks=0"},
        {"run", "cpu-bound", "--set", "tasks=1e9"},
        {"run", "cpu-bound", "--set", "tasks=nan"},
        {"run", "cpu-bound", "--set", "tasks=inf"},
        {"run", "cpu-bound", "--set", "tasks=1.5"},
        {"run", "cpu-bound", "--set", "tasks=3x"},
        {"run", "cpu-bound", "--set", "tasks=\xff"},
        {"run", "cpu-bound", "--set", "work_ms=nan"},
        {"run", "cpu-bound", "--set", "start_method=teleport"},
        {"run", "cpu-bound", "--variants", ""},
        {"run", "cpu-bound", "--variants", "nonsense"},
        {"run", "cpu-bound", "--variants", "threads,"},
        {"run", "cpu-bound", "--variants", "threads,threads"},
        {"run", "cpu-bound", "--set", "tasks=0x10"},
        {"run", "cpu-bound", "--repeats", "0"},
        {"run", "cpu-bound", "--repeats", "-1"},
        {"run", "cpu-bound", "--repeats", "101"},
        {"run", "cpu-bound", "--repeats", "1e9"},
        {"run", "cpu-bound", "--repeats", "nan"},
        {"run", "cpu-bound", "--repeats", "1.5"},
        {"run", "cpu-bound", "--repeats", "0x2"},
        {"run", "cpu-bound", "--repeats", ""},
        {"run", "cpu-bound", "--repeats", "99999999999999999999"},
        {"run", "cpu-bound", "--repeats", "2", "--repeats", "3"},
        {"run", "cpu-bound", "--cores", "4"},
        {"run", "cpu-bound", "--trace", ""},
        {"run", "cpu-bound", "--trace", "/"},
        {"run", "cpu-bound", "--trace", "/nonexistent/trace.json"},
        {"simulate"},
        {"simulate", "nonsense"},
        {"simulate", "cpu-bound", "--cores", "0"},
        {"simulate", "cpu-bound", "--cores", "-1"},
        {"simulate", "cpu-bound", "--cores", "1000000000"},
        {"simulate", "cpu-bound", "--cores", "two"},
        {"simulate", "cpu-bound", "--seed", "-1"},
        {"simulate", "cpu-bound", "--seed", "0x10"},
        {"simulate", "cpu-bound", "--seed", ""},
        {"simulate", "cpu-bound", "--machine", ""},
        {"simulate", "cpu-bound", "--machine", "/nonexistent"},
        {"simulate", "cpu-bound", "--machine", "/"},
        {"simulate", "cpu-bound", "--machine", "/dev/null"},
        {"simulate", "cpu-bound", "--repeats", "3"},
        {"simulate", "cpu-bound", "--json=false"},
        {"simulate", "cpu-bound", "--set", "tasks=1", "--set", "tasks=2"},
        {"simulate", "cpu-bound", "--trace", "/nonexistent/trace.json"},
        {"scenario"},
        {"scenario", ""},
        {"scenario", "/nonexistent"},
        {"scenario", "/"},
        {"scenario", "-"},
        {"scenario", "-", "--cores", "2"},
        {"scenario", "-", "--simulate", "--repeats", "2"},
        {"calibrate", "extra"},
        {"serve", "--port", "0"},
        {"serve", "--port", "65536"},
        {"serve", "--port", "http"},
        {"serve", "--site", "/nonexistent"},
        {"serve", "--site", "/dev/null"},
        {"serve", "--host", "0.0.0.0"},
    };
    for (const auto& arguments : table) check_refused(arguments);
}

TEST_CASE("command line: bad scenarios on standard input are refused with one line", "[native]") {
    const TimeLimit limit(120);
    for (const char* input : {"", "{", "[]", "42", "{\"nonsense\":1}", "\xff", "{\"tasks\":[]} trailing",
                              "{\"model\":\"threads\",\"workers\":-5,\"tasks\":[]}",
                              "{\"model\":\"threads\",\"model\":\"threads\",\"tasks\":[{\"steps\":[]}]}"}) {
        check_refused({"scenario", "-"}, input);
        check_refused({"scenario", "-", "--simulate"}, input);
    }
    check_refused({"scenario", "-", "--simulate"}, std::string(100'000, '['));
}

TEST_CASE("command line: whole numbers may be spelt with an exponent, and are exact", "[native]") {
    const auto parsed = [](std::string_view text) { return parse_integer("--seed", text, 0, INT64_MAX); };
    CHECK(parsed("1e3").value() == 1'000);
    CHECK(parsed("2.0").value() == 2);
    CHECK(parsed("9223372036854775807").value() == INT64_MAX);
    for (const char* bad : {"9223372036854775808", "1e300", "-1", "-1e300", "1e-3", "0x10", " 1", "inf", "nan", ""}) {
        CAPTURE(bad);
        CHECK_FALSE(parsed(bad));
    }
}

TEST_CASE("command line: a scenario with more workers than can be measured is refused", "[native]") {
    const TimeLimit limit(120);
    const std::string scenario =
        R"({"model": "threads", "workers": 1000, "tasks": [{"name": "a", "count": 1000, "steps": []}]})";
    check_refused({"scenario", "-"}, scenario);
    CHECK(run_gilplay({"scenario", "-", "--simulate"}, scenario).status == 0);
}

TEST_CASE("command line: an unreadable file and an unwritable trace are refused before the run", "[native]") {
    const TimeLimit limit(60);
    if (::getuid() == 0) SKIP("root may read and write everything");
    std::string path = "/tmp/gilplay-locked-XXXXXX";
    const UniqueFd fd(::mkstemp(path.data()));
    ::fchmod(fd.get(), 0);
    check_refused({"scenario", path});
    check_refused({"simulate", "cpu-bound", "--trace", path});
    ::unlink(path.c_str());
}

TEST_CASE("command line: a knob out of range says what would be accepted, an unknown experiment what there is",
          "[native]") {
    const TimeLimit limit(60);
    const Finished knob = run_gilplay({"run", "cpu-bound", "--set", "tasks=-5"});
    CHECK(knob.err.starts_with("gilplay: --set tasks=-5: "));
    CHECK(knob.err.find("(accepted: ") != std::string::npos);
    const Finished unknown = run_gilplay({"run", "cpu-bond"});
    CHECK(unknown.err.find("cpu-bound") != std::string::npos);
}

TEST_CASE("command line: help and version", "[native]") {
    const TimeLimit limit(120);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--help"}, {"--version"}, {"list", "--help"}, {"run", "--help"}, {"serve", "-h"}}) {
        const Finished finished = run_gilplay(arguments);
        CHECK(finished.status == 0);
        CHECK(lines_in(finished.out) >= 1);
        CHECK(finished.err.empty());
        CHECK(finished.out.find("engine-fd") == std::string::npos);
    }
}

TEST_CASE("command line: list names every experiment, as text and as JSON", "[native]") {
    const TimeLimit limit(60);
    const Finished text = run_gilplay({"list"});
    const Finished json = run_gilplay({"list", "--json"});
    CHECK(text.status == 0);
    CHECK(json.status == 0);
    const auto document = parse_json(json.out, "list");
    REQUIRE(document);
    CHECK(document.value()["experiments"].size() == experiments().size());
    for (const Experiment& experiment : experiments()) {
        CHECK(text.out.find(experiment.id) != std::string::npos);
        CHECK(json.out.find(experiment.id) != std::string::npos);
    }
}

TEST_CASE("command line: simulate writes one JSON document, the same for the same seed, and a trace", "[native]") {
    const TimeLimit limit(60);
    const std::string trace = "/tmp/gilplay-trace-" + std::to_string(::getpid());
    const std::vector<std::string> arguments{"simulate", "cpu-bound", "--cores", "2",  "--seed",
                                             "5",        "--json",    "--trace", trace};
    const Finished first = run_gilplay(arguments);
    CHECK(first.status == 0);
    CHECK(first.err.empty());
    const auto document = parse_json(first.out, "report");
    REQUIRE(document);
    CHECK(document.value()["origin"] == "simulated");
    CHECK(document.value()["machine"]["cores"] == 2);
    CHECK(run_gilplay(arguments).out == first.out);
    std::ifstream file(trace);
    const std::string written{std::istreambuf_iterator<char>(file), {}};
    CHECK(parse_json(written, "trace").ok());
    ::unlink(trace.c_str());
}

TEST_CASE("command line: run measures and prints one JSON document", "[native]") {
    const TimeLimit limit(120);
    const Finished finished = run_gilplay({"run", "cpu-bound", "--set", "tasks=2", "--set", "work_ms=5", "--repeats",
                                           "1", "--variants", "sequential,threads,processes", "--json"});
    CAPTURE(finished.err);
    REQUIRE(finished.status == 0);
    CHECK(finished.err.empty());
    const auto document = parse_json(finished.out, "report");
    REQUIRE(document);
    CHECK(document.value()["origin"] == "measured");
    CHECK(document.value()["variants"].size() == 3);
}

TEST_CASE("command line: a real HTTP wait is measured", "[native]") {
    const TimeLimit limit(120);
    const std::string scenario = R"({"model":"asyncio","tasks":[{"name":"get","count":5,)"
                                 R"("steps":[{"wait":{"kind":"http","ms":20}}]}]})";
    const Finished finished = run_gilplay({"scenario", "-", "--repeats", "1", "--json"}, scenario);
    CAPTURE(finished.err, finished.out);
    REQUIRE(finished.status == 0);
    const auto document = parse_json(finished.out, "report");
    REQUIRE(document);
    const double wall = document.value()["variants"][0]["wall_ms"]["median"].get<double>();
    CHECK(wall >= 20);
}

TEST_CASE("command line: a full disk is exit status 1 with one line", "[native]") {
    const TimeLimit limit(60);
    const Finished finished = run_gilplay({"simulate", "cpu-bound", "--json", "--trace", "/dev/full"});
    CHECK(finished.status == 1);
    CHECK(lines_in(finished.err) == 1);
}

/// The command line as a shell would run it, with what the shell can do to its descriptors and limits.
Finished run_in_shell(const std::string& before, const std::string& words) {
    return run_program("/bin/sh", {"-c", before + "exec " + gilplay + " " + words}, "");
}

TEST_CASE("command line: with standard output closed nothing gets into the trace", "[native]") {
    const TimeLimit limit(60);
    std::string path = "/tmp/gilplay-trace-XXXXXX";
    const UniqueFd fd(::mkstemp(path.data()));
    const Finished finished = run_in_shell("", "simulate cpu-bound --trace " + path + " >&-");
    CHECK(finished.status == 1);
    CHECK(lines_in(finished.err) == 1);
    std::ifstream file(path);
    const std::string trace{std::istreambuf_iterator<char>(file), {}};
    CHECK(parse_json(trace, "trace").ok());
    ::unlink(path.c_str());
}

TEST_CASE("command line: a file over the limit is one line, not a signal", "[native]") {
    const TimeLimit limit(60);
    const std::string path = "/tmp/gilplay-limited-" + std::to_string(::getpid());
    const Finished finished = run_in_shell("ulimit -f 1; ", "simulate cpu-bound --trace " + path);
    CHECK(finished.status == 1);
    CHECK(lines_in(finished.err) == 1);
    ::unlink(path.c_str());
}

TEST_CASE("command line: an unknown command is named, with those that there are", "[native]") {
    const TimeLimit limit(60);
    const Finished finished = run_gilplay({"simulat"});
    CHECK(finished.status == 2);
    CHECK(finished.err.starts_with(
        "gilplay: there is no command simulat; did you mean simulate? (accepted: list, run, simulate, "));
    CHECK(run_gilplay({"--versoin"})
              .err.starts_with("gilplay: there is no option --versoin; did you mean --version? (accepted: list, "));
    CHECK(run_gilplay({"--foo"}).err.starts_with("gilplay: there is no option --foo (accepted: list, "));
    CHECK(run_gilplay({""}).err.starts_with("gilplay: there is no command \"\" (accepted: list, "));
    const Finished none = run_gilplay({});
    CHECK(none.status == 2);
    CHECK(none.err.starts_with("gilplay: a command is required; see gilplay --help (accepted: list, run, "));
}

TEST_CASE("command line: an empty value shows as one", "[native]") {
    const TimeLimit limit(60);
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"run", "cpu-bound", "--set"},
                                                      {"run", "cpu-bound", "--variants"},
                                                      {"run", "cpu-bound", "--trace"},
                                                      {"run", "all", "--out"},
                                                      {"simulate", "cpu-bound", "--machine"},
                                                      {"simulate", "cpu-bound", "--cores"},
                                                      {"python", "cpu-bound", "--interpreter"},
                                                      {"calibrate", "--interpreter"},
                                                      {"serve", "--site"}}) {
        std::vector<std::string> with_nothing = arguments;
        with_nothing.emplace_back();
        const Finished finished = run_gilplay(with_nothing);
        CAPTURE(finished.err);
        CHECK(finished.status == 2);
        CHECK(finished.err.starts_with("gilplay: " + arguments.back() + " \"\": "));
    }
    const Finished commas = run_gilplay({"run", "cpu-bound", "--variants", ","});
    CHECK(commas.err.starts_with("gilplay: --variants ,: there is no \"\" here (accepted: sequential, "));
}

TEST_CASE("command line: what was not expected is told in the order in which it was given", "[native]") {
    const TimeLimit limit(60);
    const Finished finished = run_gilplay({"run", "cpu-bound", "--variant", "processes", "--repeat", "1"});
    CHECK(finished.status == 2);
    CHECK(finished.err ==
          "gilplay: not expected: --variant processes --repeat 1; did you mean --variants? See gilplay run --help\n");
}

TEST_CASE("command line: Ctrl-C ends a run with status 130 and leaves no process", "[native]") {
    const TimeLimit limit(120);
    const pid_t child = start_gilplay({"run", "cpu-bound", "--repeats", "100"});
    pid_t engine = -1;
    CHECK(eventually([&] {
        const auto children = children_of(child);
        if (!children.empty()) engine = children.front().pid;
        return engine > 0 && members_of(engine).size() >= 2;
    }));
    ::kill(child, SIGINT);
    const int status = wait_for_exit(child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
    CHECK(eventually([&] { return members_of(engine).empty(); }));
}

TEST_CASE("command line: a signal that was ignored from the start does not end a run", "[native][printed]") {
    const TimeLimit limit(120);
    const pid_t child = start_gilplay({"run", "io-bound", "--variants", "sequential", "--repeats", "1"}, SIGHUP);
    CHECK(eventually([&] { return !children_of(child).empty(); }));
    ::kill(child, SIGHUP);
    const int status = wait_for_exit(child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("command line: an explicit port in use is refused", "[native]") {
    const TimeLimit limit(60);
    const UniqueFd taken(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(taken.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(taken.get(), 1) == 0);
    REQUIRE(::getsockname(taken.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    std::string site = "/tmp/gilplay-site-XXXXXX";
    REQUIRE(::mkdtemp(site.data()) != nullptr);
    std::ofstream(site + "/index.html") << "hello";
    check_refused({"serve", "--site", site, "--port", std::to_string(ntohs(address.sin_port))});
    ::unlink((site + "/index.html").c_str());
    ::rmdir(site.c_str());
}

TEST_CASE("command line: without a display that answers there is no window that nobody sees", "[native]") {
    const TimeLimit limit(60);
    if (run_gilplay({"desktop", "nonsense"}).err.find("there is no command") != std::string::npos) {
        SKIP("built without the window");
    }
    for (const char* state : {"cpu-bound?tasks=0", "cpu-bound?tasks=NaN", "cpu-bound?tasks", "cpu-bound?nonsense=1",
                              "cpu-bound?cores=4.5", "cpu-bound?view=nothing", "cpu-bound?decide=nothing"}) {
        check_refused({"desktop", state});
    }
    const auto desktop = [](std::vector<std::string> variables) {
        std::vector<std::string> arguments = {"-u", "SDL_VIDEODRIVER", "-u", "WAYLAND_DISPLAY"};
        arguments.insert(arguments.end(), variables.begin(), variables.end());
        for (const std::string& word : {gilplay, std::string("desktop"), std::string("--seconds"), std::string("20")}) {
            arguments.push_back(word);
        }
        return run_program("/usr/bin/env", arguments);
    };
    for (const auto& variables : {std::vector<std::string>{"-u", "DISPLAY"}, {"DISPLAY=:4711"}}) {
        const Finished finished = desktop(variables);
        CAPTURE(finished.err);
        CHECK(finished.status == 1);
        CHECK(finished.err.find("no window can be opened") != std::string::npos);
    }
}

TEST_CASE("report table: bars fill their width and never more", "[native]") {
    CHECK(bar_text(1, 3, true) == "███");
    CHECK(bar_text(0.5, 3, true) == "█▌ ");
    CHECK(bar_text(0, 3, true) == "   ");
    CHECK(bar_text(1e-9, 3, true) == "▏  ");
    CHECK(bar_text(7, 3, false) == "###");
    CHECK(bar_text(-1, 3, false) == "   ");
}

TEST_CASE("terminal text: wrapping and ASCII", "[native]") {
    CHECK(wrapped("one two three", 8, 0) == "one two\nthree\n");
    CHECK(wrapped("one two", 6, 2) == "  one\n  two\n");
    CHECK(to_ascii("2.0 × faster, 5 µs – ok ☃") == "2.0 x faster, 5 us - ok ?");
}

TEST_CASE("command line: a long simulation shows on a terminal that it goes on, and Ctrl-C ends it", "[native]") {
    const TimeLimit limit(120);
    const std::string path = "/tmp/gilplay-long-" + std::to_string(::getpid()) + ".json";
    std::ofstream(path) << R"({"model": "threads", "workers": 64, "interpreter": {"switch_interval_ms": 0.001},)"
                        << R"( "tasks": [{"count": 1000, "steps": [{"compute": {"ms": 60000}}]}]})";
    OnTerminal terminal(gilplay, {"scenario", path, "--simulate"});
    CHECK(terminal.until("simulating, 1 s").ends_with("simulating, 1 s"));
    terminal.type("\x03");
    std::string said;
    CHECK(terminal.finish(said) == 128 + SIGINT);
    ::unlink(path.c_str());
}
