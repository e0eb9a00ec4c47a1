// gilplay decide: by arguments, and on a real terminal.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "core/decision/decision_tree.h"
#include "core/experiments/experiment.h"
#include "tests/native/schema.h"
#include "tests/native/support.h"
#include "tests/native/terminal.h"

using namespace gil;
using namespace gil::native::test;

namespace {

bool holds_text(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Every sequence of answers that leads to advice.
void each_path(const Question& question, std::vector<std::string> answers,
               const std::function<void(const std::vector<std::string>&, const Advice&)>& visit) {
    for (const Answer& answer : question.answers) {
        std::vector<std::string> longer = answers;
        longer.emplace_back(answer.id);
        if (const Advice* advice = find_advice(decision_tree(), answer.leads_to)) visit(longer, *advice);
        if (const Question* next = find_question(decision_tree(), answer.leads_to)) each_path(*next, longer, visit);
    }
}

} // namespace

TEST_CASE("decide: on a terminal it asks until the advice, by number or id, and repeats after a wrong answer",
          "[native]") {
    const TimeLimit limit(60);
    OnTerminal terminal(gilplay, {"decide"});
    CHECK(holds_text(terminal.until("> "), "What does the program do with its time?"));
    terminal.type("banana\n");
    const std::string again = terminal.until("> ");
    CHECK(holds_text(again, "\"banana\" does not answer"));
    CHECK(holds_text(again, "accepted: waiting, computing"));
    CHECK(holds_text(again, "What does the program do with its time?"));
    terminal.type("\n");
    CHECK(holds_text(terminal.until("> "), "\"\" does not answer"));
    terminal.type("1\n");
    CHECK(holds_text(terminal.until("> "), "How many waits"));
    terminal.type("  few \n");
    CHECK(holds_text(terminal.until("> "), "How does the program wait?"));
    terminal.type("blocking\n");
    std::string said;
    CHECK(terminal.finish(said) == 0);
    CHECK(holds_text(said, "Use a thread pool"));
    CHECK(holds_text(said, "gilplay run thread-pool"));
}

TEST_CASE("decide: Ctrl-D ends it politely with status 1", "[native]") {
    const TimeLimit limit(60);
    OnTerminal terminal(gilplay, {"decide"});
    (void)terminal.until("> ");
    terminal.type("2\n");
    (void)terminal.until("> ");
    terminal.type("\x04");
    std::string said;
    CHECK(terminal.finish(said) == 1);
    CHECK(holds_text(said, "gilplay: no answer, so no advice"));
}

TEST_CASE("decide: every path prints its advice and a command that gilplay accepts", "[native]") {
    const TimeLimit limit(300);
    std::size_t paths = 0;
    each_path(*find_question(decision_tree(), decision_tree().root), {},
              [&](const std::vector<std::string>& answers, const Advice& advice) {
                  ++paths;
                  std::vector<std::string> arguments{"decide"};
                  arguments.insert(arguments.end(), answers.begin(), answers.end());
                  const Finished finished = run_gilplay(arguments);
                  INFO(advice.id << "\n" << finished.out << finished.err);
                  CHECK(finished.status == 0);
                  CHECK(finished.out.starts_with(std::string(advice.headline) + "\n"));
                  REQUIRE(finished.out.ends_with("    " + proof_command(advice.proof) + "\n"));
                  if (find_experiment(advice.proof.experiment) == nullptr) return;
                  // The same words, simulated: the shell splits them as it would on a reader's screen.
                  std::string command = finished.out.substr(finished.out.rfind("gilplay run "));
                  command.replace(0, std::string("gilplay run").size(), gilplay + " simulate");
                  command.insert(command.find_last_not_of('\n') + 1, " --csv"); // where variants have their names
                  const Finished proof = run_program("/bin/sh", {"-c", command});
                  CHECK(proof.status == 0);
                  CHECK(holds_text(proof.out, std::string(advice.proof.winner)));
              });
    CHECK(paths >= decision_tree().advice.size());
}

TEST_CASE("decide: one proof is run as it is printed", "[native][printed]") {
    const TimeLimit limit(120);
    const Finished advice = run_gilplay({"decide", "waiting", "few", "fixed"});
    REQUIRE(advice.status == 0);
    std::string command = advice.out.substr(advice.out.rfind("gilplay run "));
    const std::string folder = gilplay.substr(0, gilplay.rfind('/'));
    const Finished proof = run_program("/bin/sh", {"-c", "PATH='" + folder + "':$PATH; " + command});
    CAPTURE(proof.err);
    CHECK(proof.status == 0);
    CHECK(holds_text(proof.out, "measured"));
}

TEST_CASE("decide: without a terminal or with answers it prints the next question and goes no further", "[native]") {
    const TimeLimit limit(60);
    const Finished first = run_gilplay({"decide"}, "waiting\n");
    CHECK(first.status == 0);
    CHECK(holds_text(first.out, "What does the program do"));
    CHECK_FALSE(holds_text(first.out, "How many waits"));
    const Finished again = run_gilplay({"decide", "1"});
    CHECK(holds_text(again.out, "How many waits"));
    CHECK(holds_text(again.out, "gilplay decide waiting ANSWER"));
}

TEST_CASE("decide: JSON at each place fits the published schema", "[native]") {
    const TimeLimit limit(60);
    const Json schema = repository_json("docs/decision-tree.schema.json");
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"decide", "--json"},
                                                      {"decide", "both", "--json"},
                                                      {"decide", "simple", "--json"},
                                                      {"decide", "--tree"}}) {
        const Finished finished = run_gilplay(arguments);
        CAPTURE(arguments, finished.err);
        REQUIRE(finished.status == 0);
        const auto document = parse_json(finished.out, "decide");
        REQUIRE(document);
        CHECK(gil::test::schema_faults(schema, document.value()).empty());
    }
    const auto place = parse_json(run_gilplay({"decide", "3", "--json"}).out, "decide");
    REQUIRE(place);
    CHECK(place.value()["answers"] == Json::array({"simple"}));
    CHECK(place.value()["advice"]["id"] == "plain-code");
}

TEST_CASE("decide: the Python of every advice is Python", "[native]") {
    const TimeLimit limit(120);
    if (::access("/usr/bin/python3", X_OK) != 0) SKIP("there is no /usr/bin/python3");
    for (const Advice& advice : decision_tree().advice) {
        const Finished checked = run_program("/usr/bin/python3", {"-c", "import ast, sys; ast.parse(sys.stdin.read())"},
                                             std::string(advice.python));
        CAPTURE(advice.id, checked.err);
        CHECK(checked.status == 0);
    }
}
