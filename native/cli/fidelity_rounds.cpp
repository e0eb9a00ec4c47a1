#include "native/cli/fidelity_rounds.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>
#include <utility>

#include "core/engine/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"

namespace gil::native {

namespace {

/// How often a case is tried that did not have the cores for itself. Before each attempt it waits until they are free,
/// looking every second, but no longer than `most_looks` times, nor than `most_looks_in_all` times in a round: on a
/// computer that is never quiet a round must end, too.
constexpr int most_attempts = 4;
constexpr int most_looks = 10;
constexpr int most_looks_in_all = 150;
constexpr std::chrono::seconds pause{1};

/// Two calibrations are of the same computer as long as nothing that they say of a case differs by more than this. A
/// virtual machine's processors share a core of their host or do not, and caches and speeds go with it.
constexpr double most_apart = 0.15;

/// The simulator's cores must really be there: of as many pieces of work as there are cores none takes much longer.
constexpr Nanoseconds look_time = 20 * millisecond;
constexpr double most_of_a_piece = 1.2;

Scenario piece_on_every_core(int cores) {
    Scenario scenario;
    scenario.model = ExecutionModel::free_threaded;
    scenario.workers = cores;
    for (int i = 0; i < cores; ++i) scenario.tasks.push_back({"piece", {Compute{Kernel::sum_of_squares, look_time}}});
    return scenario;
}

const Error unexpected_answer{"", "the engine answered something else", ""};

/// Tells what went wrong: the exit status.
int failed(const EngineAnswer& answer) {
    run_error(answer.error);
    return answer.status;
}

Report simulated(const FidelityRounds::Case& each, const Machine& machine) {
    return simulate_experiment(*each.choice.experiment, each.choice.knobs, each.choice.variants, machine);
}

bool say_the_same(const FidelityRounds::Case& each, const Machine& before, const Machine& afterwards) {
    return agree(simulated(each, before), simulated(each, afterwards), most_apart);
}

} // namespace

Result<std::vector<FidelityRounds::Case>> FidelityRounds::cases_of(const FidelityTask& task) {
    std::vector<Case> cases;
    for (const Experiment* experiment : task.experiments) {
        for (const Json& settings : fidelity_cases(*experiment)) {
            if (task.defaults_only && !settings.empty()) break;
            Knobs knobs(experiment->knobs);
            if (const auto taken = knobs.set_all(settings); !taken) return taken.error();
            cases.push_back({{experiment, knobs, experiment->make(knobs), {}}, fidelity_place(*experiment, settings)});
        }
    }
    return cases;
}

FidelityRounds::FidelityRounds(FidelityTask task, std::vector<Case> cases)
    : task_(std::move(task)), cases_(std::move(cases)) {}

int FidelityRounds::run() {
    if (!task_.programs.empty()) {
        FoundPythons found = find_pythons(task_.programs, 0);
        if (found.status != 0) return found.status;
        interpreters_ = std::move(found.interpreters);
    }
    comparisons_.push_back({"measured here", {}, {}});
    for (const PythonInterpreter& each : interpreters_) comparisons_.push_back({describe(each), {}, {}});
    for (int round = 1; round <= task_.rounds; ++round) {
        const std::string prefix =
            task_.rounds > 1 ? "round " + std::to_string(round) + " of " + std::to_string(task_.rounds) + ", " : "";
        if (const int status = run_round(prefix)) return status;
    }
    return 0;
}

/// Every case once, in an engine of its own, which is calibrated first; so is every Python.
int FidelityRounds::run_round(const std::string& prefix) {
    for (Comparison& each : comparisons_) each.rounds.emplace_back();
    EngineSession session;
    looks_left_ = most_looks_in_all;
    print_progress(prefix + "calibrating");
    if (const int status = calibrate_all(session)) return status;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
        const std::string progress =
            prefix + "case " + std::to_string(i + 1) + " of " + std::to_string(cases_.size()) + ": " + cases_[i].place;
        if (const int status = run_case(session, cases_[i], progress)) return status;
    }
    return 0;
}

int FidelityRounds::calibrate_all(EngineSession& session) {
    for (std::size_t i = 0; i < interpreters_.size(); ++i) {
        CalibratedPython calibrated = calibrate_python(interpreters_[i]);
        if (calibrated.status != 0) return calibrated.status;
        comparisons_[i + 1].machine = std::move(calibrated.machine);
    }
    return calibrate_engine(session);
}

int FidelityRounds::calibrate_engine(EngineSession& session) {
    const EngineAnswer answer = session.ask(CalibrateRequest{1});
    if (answer.status != 0) return failed(answer);
    const auto* calibrated = std::get_if<CalibratedEvent>(&*answer.event);
    if (!calibrated) return run_error(unexpected_answer);
    comparisons_.front().machine = calibrated->machine;
    most_cores_ = std::max(most_cores_, calibrated->machine.cores);
    return 0;
}

/// Until the cores were free before and afterwards, and the computer the same: else other programs, or another
/// computer, are compared with the simulator.
int FidelityRounds::run_case(EngineSession& session, const Case& each, const std::string& progress) {
    print_progress(progress);
    for (int attempt = 1;; ++attempt) {
        attempt_.assign(comparisons_.size(), {});
        bool free_before = false;
        bool free_afterwards = false;
        bool is_the_same = false;
        if (const int status = wait_for_cores(session, free_before)) return status;
        if (const int status = measure(session, each)) return status;
        if (const int status = ask_pythons(each)) return status;
        if (const int status = look_for_cores(session, free_afterwards)) return status;
        if (const int status = calibrate_again(session, each, is_the_same)) return status;
        if (free_before && free_afterwards && is_the_same) break;
        if (attempt == most_attempts) {
            ++disturbed_[each.place];
            break;
        }
        print_progress(progress +
                       ", once more: " + (is_the_same ? "other programs had the cores" : "the computer has changed"));
    }
    for (std::size_t i = 0; i < comparisons_.size(); ++i) append(std::move(attempt_[i]), comparisons_[i].rounds.back());
    return 0;
}

/// What comes next is then simulated as the computer is by now, too.
int FidelityRounds::calibrate_again(EngineSession& session, const Case& each, bool& is_the_same) {
    std::vector<Machine> before;
    for (const Comparison& comparison : comparisons_) before.push_back(comparison.machine);
    if (const int status = calibrate_all(session)) return status;
    is_the_same = true;
    for (std::size_t i = 0; i < comparisons_.size(); ++i) {
        Machine& afterwards = comparisons_[i].machine;
        // No calibration asks for these, only a run of such operations.
        afterwards.file_cpu_ppm = before[i].file_cpu_ppm;
        afterwards.database_cpu_ppm = before[i].database_cpu_ppm;
        is_the_same = is_the_same && say_the_same(each, before[i], afterwards);
    }
    return 0;
}

int FidelityRounds::wait_for_cores(EngineSession& session, bool& are_free) {
    for (int look = 0; look < most_looks && looks_left_ > 0; ++look) {
        if (const int status = look_for_cores(session, are_free)) return status;
        if (are_free) return 0;
        --looks_left_;
        std::this_thread::sleep_for(pause);
    }
    // Perhaps they were quicker when they were calibrated than they are now.
    if (const int status = calibrate_engine(session)) return status;
    return look_for_cores(session, are_free);
}

int FidelityRounds::look_for_cores(EngineSession& session, bool& are_free) const {
    const int cores = comparisons_.front().machine.cores;
    const EngineAnswer answer = session.ask(ScenarioRequest{1, piece_on_every_core(cores), 2});
    if (answer.status != 0) return failed(answer);
    const auto* measured = std::get_if<ResultEvent>(&*answer.event);
    if (!measured) return run_error(unexpected_answer);
    // A calibration beside another program may have found fewer than there are.
    are_free =
        cores == most_cores_ && measured->report.variants.front().wall_ms.min <= most_of_a_piece * to_ms(look_time);
    return 0;
}

int FidelityRounds::measure(EngineSession& session, const Case& each) {
    const Choice& choice = each.choice;
    const RunRequest request{1, std::string(choice.experiment->id), choice.knobs.to_json(), {}, task_.repeats};
    const EngineAnswer answer = session.ask(request, each.place + ": ");
    if (answer.status != 0) return failed(answer);
    const auto* measured = std::get_if<ResultEvent>(&*answer.event);
    if (!measured) return run_error(unexpected_answer);
    comparisons_.front().machine = measured->report.machine;
    compare(each.place, simulated(each, measured->report.machine), measured->report, attempt_.front());
    return 0;
}

int FidelityRounds::ask_pythons(const Case& each) {
    for (std::size_t i = 0; i < interpreters_.size(); ++i) {
        const Report simulation = simulated(each, comparisons_[i + 1].machine);
        const PythonAnswers pythons =
            run_pythons(std::span(&interpreters_[i], 1), each.choice, task_.repeats, 0, simulation);
        if (pythons.status > 128) return pythons.status;
        // One whose script failed has been told about; the others go on.
        if (!pythons.answers.empty()) {
            compare(each.place, simulation, pythons.answers.front().report, attempt_[i + 1]);
        }
    }
    return 0;
}

} // namespace gil::native
