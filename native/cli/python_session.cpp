#include "native/cli/python_session.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/cpython/python_script.h"
#include "native/base/event_loop.h"
#include "native/cli/output.h"
#include "native/cli/waiting.h"
#include "native/python/python_runner.h"

namespace gil::native {

namespace {

int interrupted(int signal) {
    run_error(Error{"", "interrupted", ""});
    return 128 + signal;
}

std::vector<std::string> arguments(const Choice& choice, int repeats) {
    std::string names;
    for (const Variant& variant : choice.variants) names += (names.empty() ? "" : ",") + variant.name;
    return {"--json", "--repeats", std::to_string(repeats), "--variants", names};
}

/// Several times what the simulation says, and two minutes for starting, calibrating and slow computers.
Nanoseconds patience_for(const Report& simulated, int repeats) {
    double ms = 0;
    for (const VariantReport& variant : simulated.variants) ms += variant.wall_ms.median;
    return 120 * second + from_ms(5 * ms * (repeats + 1));
}

/// Runs a script while the seconds that have passed are shown.
Result<std::string> run_shown(const PythonInterpreter& interpreter, std::string_view name, std::string_view script,
                              std::vector<std::string> options, Nanoseconds limit, const SignalWatch& signals) {
    ProgressLine progress;
    const Nanoseconds start = monotonic_now();
    const PythonLimits limits{limit, signals.fd(), [&] {
                                  const Nanoseconds passed = (monotonic_now() - start) / second;
                                  progress.show(printable(describe(interpreter)) + ", " + std::to_string(passed) +
                                                " s");
                              }};
    auto out = run_script(interpreter, name, script, std::move(options), limits);
    progress.show("");
    return out;
}

} // namespace

FoundPythons find_pythons(std::span<const std::string> named, Nanoseconds limit) {
    constexpr Nanoseconds reasonable = 20 * second;
    const SignalWatch signals;
    ProgressLine progress;
    FoundPythons found;
    std::vector<std::string> seen;
    std::vector<Error> silent;
    const std::vector<std::string> programs =
        named.empty() ? pythons_on_path() : std::vector<std::string>(named.begin(), named.end());
    for (const std::string& program : programs) {
        progress.show(printable("asking " + program));
        auto python = ask_python(program, {limit > 0 ? std::min(limit, reasonable) : reasonable, signals.fd(), {}});
        if (const int signal = signals.taken()) return {{}, interrupted(signal)};
        if (!python) {
            progress.show("");
            silent.push_back(python.error());
            if (!named.empty()) run_error(python.error());
        } else if (std::find(seen.begin(), seen.end(), python.value().executable) == seen.end()) {
            seen.push_back(python.value().executable);
            found.interpreters.push_back(std::move(python.value().interpreter));
        }
    }
    if (named.empty() && !silent.empty()) {
        print_progress("note: " + std::to_string(silent.size()) + " of " +
                       counted(static_cast<std::int64_t>(programs.size()), "Python") + " on PATH did not answer; " +
                       silent.front().line());
    }
    if (!found.interpreters.empty()) return found;
    found.status =
        run_error(programs.empty() ? Error{"", "there is no python3.9 to python3.14 on PATH", "--interpreter PATH"}
                                   : Error{"", "no interpreter gave a result", ""});
    return found;
}

PythonAnswers run_pythons(std::span<const PythonInterpreter> interpreters, const Choice& choice, int repeats,
                          Nanoseconds limit, const Report& simulated) {
    const std::string script = python_script(*choice.experiment, choice.knobs);
    const SignalWatch signals;
    PythonAnswers all;
    for (const PythonInterpreter& interpreter : interpreters) {
        const auto out = run_shown(interpreter, choice.experiment->id, script, arguments(choice, repeats),
                                   limit > 0 ? limit : patience_for(simulated, repeats), signals);
        if (const int signal = signals.taken()) return {{}, interrupted(signal)};
        if (!out) {
            run_error(out.error());
            continue;
        }
        auto answer =
            read_cpython_answer(out.value(), *choice.experiment, choice.knobs, choice.variants, simulated.machine);
        if (!answer) {
            run_error(Error{printable(interpreter.path, 200), answer.error().line(), {}});
            continue;
        }
        answer.value().interpreter.path = interpreter.path;
        all.answers.push_back(std::move(answer.value()));
    }
    if (all.answers.empty()) all.status = run_error(Error{"", "no interpreter gave a result", ""});
    return all;
}

CalibratedPython calibrate_python(const PythonInterpreter& interpreter) {
    const SignalWatch signals;
    const auto failed = [](const Error& error) { return CalibratedPython{{}, run_error(error)}; };
    const std::string where = printable(interpreter.path, 200);
    const auto out = run_shown(interpreter, "costs", python_cost_script(), {}, 180 * second, signals);
    if (const int signal = signals.taken()) return {{}, interrupted(signal)};
    if (!out) return failed(out.error());
    auto json = parse_json(out.value(), "answer");
    if (!json) return failed({where, "answered something else: " + json.error().line(), ""});
    auto machine = machine_from_json(json.value());
    if (!machine) return failed({where, "answered something else: " + machine.error().line(), ""});
    machine.value().name = describe(interpreter) + " on this computer";
    machine.value().calibrated = true;
    machine.value().typical = costs_missing_in(json.value());
    return {std::move(machine.value()), 0};
}

} // namespace gil::native
