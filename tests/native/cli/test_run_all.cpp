// gilplay run all: the others go on when one fails, and what is asked of the command line.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/documents/report_markdown.h"
#include "core/engine/simulate_report.h"
#include "native/cli/run_all.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

/// Answers like an engine that measured exactly what the simulation says.
EngineAnswer measured_answer(const Request& request) {
    const auto& run = std::get<RunRequest>(request);
    const Experiment& experiment = *find_experiment(run.experiment);
    Knobs knobs(experiment.knobs);
    REQUIRE(knobs.set_all(run.knobs));
    Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{});
    report.origin = Origin::measured;
    report.engine = "stand-in";
    return {ResultEvent{run.id, std::move(report)}, {}, 0};
}

std::string contents_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void check_run_all_refused(const std::vector<std::string>& arguments) {
    const Finished finished = run_gilplay(arguments);
    CAPTURE(arguments, finished.err);
    CHECK(finished.status == 2);
    CHECK(finished.out.empty());
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
}

} // namespace

TEST_CASE("run all: an experiment that fails is in the document, and the others still run", "[native]") {
    REQUIRE(experiments().size() >= 2);
    std::vector<std::string> said;
    int asked = 0;
    int interrupted = 0;
    const auto document = run_experiments(
        experiments(), 2,
        [&](const Request& request, const std::string& label) {
            CHECK(label.starts_with(std::to_string(asked + 1) + " of "));
            CHECK(std::get<RunRequest>(request).repeats == 2);
            if (asked++ == 0) return EngineAnswer{{}, Error{"", "the engine was ended by signal 11", ""}, 1};
            return measured_answer(request);
        },
        [&](const std::string& line) { said.push_back(line); }, interrupted);
    REQUIRE(document);
    CHECK(interrupted == 0);
    REQUIRE(document->entries.size() == experiments().size());
    CHECK(document->entries[0].failure == "the engine was ended by signal 11");
    CHECK_FALSE(document->entries[0].measured);
    for (std::size_t i = 1; i < document->entries.size(); ++i) {
        CHECK(document->entries[i].failure.empty());
        CHECK(document->entries[i].measured);
        CHECK(document->entries[i].simulated);
    }
    REQUIRE(said.size() == 2 * experiments().size());
    CHECK(said[0] == "1 of " + std::to_string(experiments().size()) + ": " + std::string(experiments()[0].id));
    CHECK(said[1] == "    failed: the engine was ended by signal 11");
}

TEST_CASE("run all: a variant that failed is told, and the rest of its experiment is in the document", "[native]") {
    std::vector<std::string> said;
    int interrupted = 0;
    const auto document = run_experiments(
        experiments().first(1), 2,
        [&](const Request& request, const std::string&) {
            EngineAnswer answer = measured_answer(request);
            VariantReport& variant = std::get<ResultEvent>(*answer.event).report.variants.front();
            variant.unavailable = std::string(failure_mark) + "process 1 was ended by signal 9";
            return answer;
        },
        [&](const std::string& line) { said.push_back(line); }, interrupted);
    REQUIRE(document);
    REQUIRE(document->entries.front().measured);
    REQUIRE(said.size() == 3);
    CHECK(said[2].find("it failed: process 1 was ended by signal 9") != std::string::npos);
}

TEST_CASE("run all: Ctrl-C ends it without a document", "[native]") {
    int asked = 0;
    int interrupted = 0;
    const auto document = run_experiments(
        experiments(), 1,
        [&](const Request&, const std::string&) {
            ++asked;
            return EngineAnswer{{}, Error{"", "interrupted", ""}, 130};
        },
        [](const std::string&) {}, interrupted);
    CHECK_FALSE(document);
    CHECK(asked == 1);
    CHECK(interrupted == 130);
}

TEST_CASE("run all: Ctrl-C keeps the experiments before it and what the stopped one had measured", "[native]") {
    int asked = 0;
    int interrupted = 0;
    const auto document = run_experiments(
        experiments(), 1,
        [&](const Request& request, const std::string&) {
            EngineAnswer answer = measured_answer(request);
            if (++asked == 1) return answer;
            std::get<ResultEvent>(*answer.event).report.stopped = true;
            answer.status = 130;
            answer.error = Error{"", "interrupted", ""};
            return answer;
        },
        [](const std::string&) {}, interrupted);
    REQUIRE(document);
    CHECK(asked == 2);
    CHECK(interrupted == 130);
    REQUIRE(document->entries.size() == 2);
    CHECK(document->entries[1].measured);
    CHECK(document->stopped);
    CHECK(document->left_out == experiments().size() - 2);
    CHECK(report_markdown(*document).find(" The run was stopped before its end; left out: 14 experiments.") !=
          std::string::npos);
}

TEST_CASE("run all: writes a page or Markdown and says which experiment runs", "[native][printed]") {
    const TimeLimit limit(300);
    const std::string path = "/tmp/gilplay-report-" + std::to_string(::getpid()) + ".html";
    const Finished page =
        run_gilplay({"run", "all", "--only", "thread-pool,sequential", "--repeats", "1", "--out", path});
    CAPTURE(page.err);
    CHECK(page.status == 0);
    CHECK(page.out.empty());
    CHECK(page.err.starts_with("1 of 2: thread-pool\n    "));
    CHECK(page.err.find("\n2 of 2: sequential\n    ") != std::string::npos);
    const std::string html = contents_of(path);
    ::unlink(path.c_str());
    CHECK(html.starts_with("<!DOCTYPE html>"));
    CHECK(html.ends_with("</html>\n"));
    CHECK(html.find("<section id=\"thread-pool\">") != std::string::npos);
    CHECK(html.find("<section id=\"sequential\">") != std::string::npos);

    const Finished markdown = run_gilplay({"run", "all", "--only", "sequential", "--repeats", "1"});
    CHECK(markdown.status == 0);
    CHECK(markdown.out.starts_with("# GIL Playground"));
    CHECK(markdown.out.find("| asyncio | measured |") != std::string::npos);
}

TEST_CASE("run all: a document that cannot be written is exit status 1", "[native][printed]") {
    const TimeLimit limit(120);
    std::string folder = "/tmp/gilplay-full-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const std::string path = folder + "/full.md";
    REQUIRE(::symlink("/dev/full", path.c_str()) == 0);
    const Finished finished = run_gilplay({"run", "all", "--only", "sequential", "--repeats", "1", "--out", path});
    ::unlink(path.c_str());
    ::rmdir(folder.c_str());
    CHECK(finished.status == 1);
    CHECK(finished.err.find("cannot be written") != std::string::npos);
}

TEST_CASE("run all: what does not belong together is refused with one line", "[native]") {
    const TimeLimit limit(60);
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"run", "all", "--json"},
                                                      {"run", "all", "--csv"},
                                                      {"run", "all", "--set", "tasks=3"},
                                                      {"run", "all", "--variants", "threads"},
                                                      {"run", "all", "--trace", "/tmp/trace.json"},
                                                      {"run", "all", "--repeats", "0"},
                                                      {"run", "all", "--only", ""},
                                                      {"run", "all", "--only", "cpu-bound,nonsense"},
                                                      {"run", "cpu-bound", "--only", "cpu-bound"},
                                                      {"run", "all", "--out", ""},
                                                      {"run", "all", "--out", "report.txt"},
                                                      {"run", "all", "--out", "/nonexistent/report.md"},
                                                      {"run", "all", "--out", "/"},
                                                      {"run", "all", "--out", "a.md", "--out", "b.md"},
                                                      {"run", "cpu-bound", "--out", "report.md"},
                                                      {"simulate", "all"},
                                                      {"simulate", "cpu-bound", "--json", "--csv"},
                                                      {"decide", "nonsense"},
                                                      {"decide", ""},
                                                      {"decide", "\xff"},
                                                      {"decide", "simple", "more"},
                                                      {"decide", "--tree", "simple"},
                                                      {"decide", "--nonsense"},
                                                      {"manual", "extra"},
                                                      {"completion"},
                                                      {"completion", "powershell"},
                                                      {"completion", "bash", "zsh"}}) {
        check_run_all_refused(arguments);
    }
    CHECK(::access("report.md", F_OK) != 0);
}
