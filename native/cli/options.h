// What several subcommands take from the command line, and how it is checked. Numbers stay text until here, so that
// every mistake gets one line in the project's own words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/experiments/experiment.h"
#include "core/machine/machine.h"
#include "core/simulator/simulator.h"
#include "native/cli/files.h"
#include "native/cli/output.h"

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace gil::native {

/// EXPERIMENT [--set knob=value]... [--variants a,b]
struct ChoiceOptions {
    std::string experiment;
    std::vector<std::string> sets;
    std::string variants;
    CLI::Option* variants_option = nullptr;
    void add_to(CLI::App& command);
};

/// [--cores N] [--machine FILE] [--seed S] [--max-events N] [--max-memory MB]
struct SimulationOptions {
    std::string cores;
    std::string machine_file;
    std::string seed = "1";
    std::string max_events = std::to_string(Budget{}.max_events);
    std::string max_memory = std::to_string(Budget{}.max_bytes >> 20);
    CLI::Option* cores_option = nullptr;
    CLI::Option* machine_option = nullptr;
    CLI::Option* seed_option = nullptr;
    CLI::Option* events_option = nullptr;
    CLI::Option* memory_option = nullptr;
    void add_to(CLI::App& command);
    [[nodiscard]] bool given() const;
};

/// [--json | --csv] [--trace FILE]
struct OutputOptions {
    bool json = false;
    bool csv = false;
    std::string trace_file;
    CLI::Option* trace_option = nullptr;
    void add_to(CLI::App& command);
    /// False where another program reads what is printed.
    [[nodiscard]] bool is_for_people() const { return !json && !csv; }
    /// The file to write, or nothing when none was asked for.
    [[nodiscard]] Result<std::optional<OutFile>> open_trace() const;
};

/// One experiment with the knobs and variants that were asked for.
struct Choice {
    const Experiment* experiment;
    Knobs knobs;
    std::vector<Variant> variants;
    std::vector<std::string> variant_names; ///< empty: all
};
[[nodiscard]] Result<Choice> check(const ChoiceOptions& options);

struct Simulation {
    Machine machine;
    std::uint64_t seed = 1;
    Budget budget;
    /// The budget where this is what becomes of the report: a trace in a file takes more memory than one that is not.
    [[nodiscard]] Budget budget_for(const OutputOptions& output) const;
};
[[nodiscard]] Result<Simulation> check(const SimulationOptions& options);

/// Whole decimal text, min to max; the error's place is `where` and the text.
[[nodiscard]] Result<std::int64_t> parse_integer(std::string_view where, std::string_view text, std::int64_t min,
                                                 std::int64_t max);

/// The pieces of `text` between separators; some may be empty.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// Prints the report as a table, --json or --csv, and writes the trace; names the variants that failed on standard
/// error. The exit status: 1 when one did.
[[nodiscard]] int deliver(const Report& report, const Report* simulated, const OutputOptions& output,
                          std::optional<OutFile>& trace);

} // namespace gil::native
