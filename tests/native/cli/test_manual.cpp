// The man page and the completion scripts: complete, and understood by the programs they are for.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/decision/decision_tree.h"
#include "core/experiments/experiment.h"
#include "native/cli/completion.h"
#include "tests/native/support.h"
#include "tests/native/terminal.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

const char* bash = "/bin/bash";

bool manual_has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

using Words = std::set<std::string>;

Words words_of(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) words.insert(word);
    return words;
}

/// What bash would offer after `line`, given as it hands it to a completion function.
Words offered(const std::string& line) {
    const std::string script = "source <(" + gilplay + " completion bash)\nCOMP_LINE=" + shell_quoted(line) +
                               "\nCOMP_POINT=${#COMP_LINE}\n_gilplay\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    const Finished finished = run_program(bash, {"--norc", "-c", script});
    INFO(line << "\n" << finished.err);
    CHECK(finished.status == 0);
    CHECK(finished.err.empty());
    return words_of(finished.out);
}

/// The same from COMP_WORDS, which bash has already split at = and :.
Words offered_after(const std::vector<std::string>& words) {
    std::string array;
    for (const std::string& word : words) array += " " + shell_quoted(word);
    const std::string script = "source <(" + gilplay + " completion bash)\nCOMP_WORDS=(" + array +
                               ")\nCOMP_CWORD=" + std::to_string(words.size() - 1) +
                               "\n_gilplay\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    return words_of(run_program(bash, {"--norc", "-c", script}).out);
}

Words experiment_ids() {
    Words ids;
    for (const Experiment& experiment : experiments()) ids.insert(std::string(experiment.id));
    return ids;
}

std::string completion(const std::string& shell) {
    const Finished finished = run_gilplay({"completion", shell});
    CHECK(finished.status == 0);
    CHECK(finished.err.empty());
    return finished.out;
}

/// The shell's own opinion of a script's syntax; skipped where it is not installed.
void check_syntax(const char* shell_path, const std::string& script) {
    if (::access(shell_path, X_OK) != 0) SKIP("there is no " << shell_path);
    const Finished finished = run_program(shell_path, {"-n", "/dev/stdin"}, script);
    CAPTURE(finished.err);
    CHECK(finished.status == 0);
    CHECK(finished.err.empty());
}

} // namespace

TEST_CASE("completion: bash knows the function and offers commands and options", "[native]") {
    const TimeLimit limit(120);
    const Finished registered =
        run_program(bash, {"--norc", "-c", "source <(" + gilplay + " completion bash); complete -p gilplay"});
    CHECK(registered.out == "complete -F _gilplay gilplay\n");
    const Words commands = offered("gilplay ");
    for (const char* command : {"list", "run", "simulate", "scenario", "calibrate", "decide", "serve", "manual",
                                "completion", "--help", "--version"}) {
        INFO(command);
        CHECK(commands.contains(command));
    }
    CHECK(offered("gilplay sim") == Words{"simulate"});
    CHECK(offered("gilplay no-such-") == Words{});
    const Words options = offered("gilplay run cpu-bound --");
    for (const char* option :
         {"--set", "--variants", "--repeats", "--json", "--csv", "--trace", "--only", "--out", "--help"}) {
        INFO(option);
        CHECK(options.contains(option));
    }
    CHECK_FALSE(options.contains("--cores"));
    CHECK(offered("gilplay simulate cpu-bound --co") == Words{"--cores"});
}

TEST_CASE("completion: bash offers experiments, knobs, their choices and variants", "[native]") {
    const TimeLimit limit(120);
    Words with_all = experiment_ids();
    with_all.insert("all");
    CHECK(offered("gilplay run ") == with_all);
    CHECK(offered("gilplay simulate ") == experiment_ids());
    CHECK(offered("gilplay run --json cpu-b") == Words{"cpu-bound"});
    CHECK(offered("gilplay run --repeats 3 cpu-b") == Words{"cpu-bound"});
    CHECK(offered("gilplay run cpu-bound --set ta") == Words{"tasks="});
    CHECK(offered("gilplay run cpu-bound --set tasks=4 --set work_") == Words{"work_ms="});
    // bash replaces only what follows the '='.
    CHECK(offered("gilplay run cpu-bound --set start_method=f") == Words{"fork", "forkserver"});
    CHECK(offered("gilplay run cpu-bound --set start_method=") == Words{"fork", "forkserver", "spawn"});
    CHECK(offered("gilplay run cpu-bound --variants pro") == Words{"processes"});
    CHECK(offered("gilplay run cpu-bound --variants threads,seq") == Words{"threads,sequential"});
    CHECK(offered("gilplay run cpu-bound --variants threads,thr") == Words{});
    CHECK(offered("gilplay run cpu-bound --repeats ") == Words{});
    for (const Experiment& experiment : experiments()) {
        Words knobs;
        for (const Knob& knob : experiment.knobs) knobs.insert(std::string(knob.name) + "=");
        CHECK(offered("gilplay simulate " + std::string(experiment.id) + " --set ") == knobs);
    }
    CHECK(offered_after({"gilplay", "run", ""}) == with_all);
    CHECK(offered_after({"gilplay", "run", "cpu-bound", "--set", "ta"}) == Words{"tasks="});
}

TEST_CASE("completion: bash offers the answers of the question that is reached", "[native]") {
    const TimeLimit limit(60);
    CHECK(offered("gilplay decide w") == Words{"waiting"});
    CHECK(offered("gilplay decide waiting ") == Words{"few", "thousands"});
    CHECK(offered("gilplay decide 1 ") == Words{"few", "thousands"});
    CHECK(offered("gilplay decide computing python t") == Words{"tiny"});
    CHECK_FALSE(offered("gilplay decide simple ").contains("few"));
    CHECK(offered("gilplay completion ") == Words{"bash", "zsh", "fish"});
}

TEST_CASE("completion: bash offers files and folders", "[native]") {
    const TimeLimit limit(60);
    CHECK(offered("gilplay run cpu-bound --trace /etc/passw").contains("/etc/passwd"));
    CHECK(offered("gilplay serve --site /et").contains("/etc"));
    CHECK(offered("gilplay serve --site /etc/passw") == Words{});
    CHECK(offered("gilplay scenario /etc/passw").contains("/etc/passwd"));
}

TEST_CASE("completion: in a real bash on a terminal the Tab key completes", "[native]") {
    const TimeLimit limit(120);
    const std::string folder = gilplay.substr(0, gilplay.rfind('/'));
    OnTerminal terminal("/usr/bin/env",
                        {"INPUTRC=/dev/null", "HISTFILE=", "TERM=dumb", bash, "--norc", "--noprofile", "-i"});
    terminal.type("PATH='" + folder + "':$PATH; PS1='ready''> '; source <(gilplay completion bash)\n");
    (void)terminal.until("ready> ");
    terminal.type("gilplay run cpu-b\t");
    CHECK(manual_has(terminal.until("cpu-bound "), "gilplay run cpu-bound "));
    terminal.type("--set start_m\t");
    CHECK(manual_has(terminal.until("start_method="), "--set start_method="));
    terminal.type("sp\t");
    CHECK(manual_has(terminal.until("spawn "), "spawn "));
    terminal.type("\x15"
                  "exit\n");
    std::string said;
    CHECK(terminal.finish(said) == 0);
}

TEST_CASE("completion: fish offers the same", "[native]") {
    const TimeLimit limit(120);
    const char* fish = "/usr/bin/fish";
    if (::access(fish, X_OK) != 0) SKIP("there is no " << fish);
    const auto fish_offers = [&](const std::string& line) {
        const std::string script = gilplay + " completion fish | source; complete -C " + shell_quoted(line) +
                                   " | string replace -r '\\t.*' ''";
        const Finished finished = run_program(fish, {"--no-config", "-c", script});
        INFO(line << "\n" << finished.err);
        CHECK(finished.err.empty());
        return words_of(finished.out);
    };
    Words with_all = experiment_ids();
    with_all.insert("all");
    CHECK(fish_offers("gilplay run ") == with_all);
    CHECK(fish_offers("gilplay run --repeats 3 cpu-b") == Words{"cpu-bound"});
    CHECK(fish_offers("gilplay run cpu-bound --set start_method=f") ==
          Words{"start_method=fork", "start_method=forkserver"});
    CHECK(fish_offers("gilplay decide 1 ") == Words{"few", "thousands"});
    CHECK(fish_offers("gilplay simulate cpu-bound --co") == Words{"--cores"});
    CHECK(fish_offers("gilplay run cpu-bound --variants threads,seq") == Words{"threads,sequential"});
}

TEST_CASE("completion: the scripts are sound for their shells", "[native]") {
    const TimeLimit limit(60);
    const std::string zsh = completion("zsh");
    const std::string fish = completion("fish");
    CHECK(zsh.starts_with("#compdef gilplay\n"));
    for (const std::string& script : {completion("bash"), zsh, fish}) {
        for (const Experiment& experiment : experiments()) CHECK(manual_has(script, std::string(experiment.id)));
        for (const Question& question : decision_tree().questions) CHECK(manual_has(script, std::string(question.id)));
        CHECK(manual_has(script, "variants"));
    }
    SECTION("bash") {
        check_syntax(bash, completion("bash"));
    }
    SECTION("zsh") {
        check_syntax("/usr/bin/zsh", zsh);
    }
    SECTION("fish") {
        check_syntax("/usr/bin/fish", fish);
    }
}

TEST_CASE("manual: names every command, option and experiment, and nothing hidden", "[native]") {
    const TimeLimit limit(60);
    const Finished page = run_gilplay({"manual"});
    REQUIRE(page.status == 0);
    CHECK(page.out.starts_with(".TH GILPLAY 1 "));
    for (const char* part : {".SH \"NAME\"", ".SH \"SYNOPSIS\"", ".SH \"COMMANDS\"", ".SS \"run\"", ".SS \"decide\"",
                             "\\fB\\-\\-variants\\fR \\fINAME,NAME\\fR", "\\fB\\-\\-csv\\fR", "\\fB\\-\\-only\\fR",
                             "(default: 3)", ".SH \"EXIT STATUS\"", ".SH \"EXAMPLES\"", "gilplay 0.1.0"}) {
        INFO(part);
        CHECK(manual_has(page.out, part));
    }
    CHECK_FALSE(manual_has(page.out, "engine\\-fd"));
    for (const Experiment& experiment : experiments()) {
        std::string id(experiment.id);
        for (auto at = id.find('-'); at != std::string::npos; at = id.find('-', at + 2)) id.insert(at, "\\");
        CHECK(manual_has(page.out, "\\fB" + id + "\\fR"));
    }
    CHECK(std::all_of(page.out.begin(), page.out.end(), [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); }));
}

TEST_CASE("manual: groff formats it without a warning", "[native]") {
    const TimeLimit limit(60);
    if (::access("/usr/bin/groff", X_OK) != 0) SKIP("there is no /usr/bin/groff");
    const Finished page = run_gilplay({"manual"});
    const Finished formatted = run_program("/usr/bin/groff", {"-man", "-Tutf8", "-ww", "-P-cbou"}, page.out);
    CAPTURE(formatted.err);
    CHECK(formatted.status == 0);
    CHECK(formatted.err.empty());
    CHECK(manual_has(formatted.out, "--repeats N"));
    CHECK(manual_has(formatted.out, "gilplay run all --out report.html"));
}
