// Any bytes as a scenario file and as a machine file: refused with one line, or accepted and then simulated soundly.
#include <cstdlib>
#include <string_view>

#include "core/machine/machine.h"
#include "core/scenario/scenario_json.h"
#include "core/simulator/simulator.h"

namespace {

void must(bool right) {
    if (!right) std::abort();
}

void must_be_one_line(const gil::Error& error) {
    must(!error.line().empty() && error.line().find('\n') == std::string::npos);
}

/// Small enough to simulate thousands of times a minute.
bool small(const gil::Scenario& scenario) {
    return scenario.tasks.size() <= 16 && gil::total_work(scenario) <= gil::second &&
           scenario.interpreter.switch_interval >= gil::millisecond;
}

void try_scenario(const gil::Json& json) {
    auto scenario = gil::scenario_from_json(json);
    if (!scenario) return must_be_one_line(scenario.error());
    auto again = gil::scenario_from_json(gil::to_json(scenario.value()));
    must(again.ok() && again.value() == scenario.value());
    if (!small(scenario.value())) return;
    const gil::Run run = gil::simulate(scenario.value(), gil::Machine{});
    must(gil::find_fault(run.trace).empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto json = gil::parse_json(text, "file");
    if (!json) {
        must_be_one_line(json.error());
        return 0;
    }
    try_scenario(json.value());
    auto machine = gil::machine_from_json(json.value());
    if (!machine) must_be_one_line(machine.error());
    return 0;
}
