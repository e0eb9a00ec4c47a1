#include "native/cli/options.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <set>

#include "core/base/text.h"
#include "core/report/report_csv.h"
#include "native/cli/report_table.h"

namespace gil::native {

namespace {

Result<Nothing> apply_set(Knobs& knobs, const std::string& set) {
    const std::string where = option_place("--set", set);
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos) return Error{where, "there is no '=' in it", "knob=value"};
    const auto done = knobs.set(std::string_view(set).substr(0, equals), std::string_view(set).substr(equals + 1));
    if (done) return done;
    return Error{where, done.error().what, done.error().accepted};
}

} // namespace

void ChoiceOptions::add_to(CLI::App& command) {
    command.add_option("EXPERIMENT", experiment, "One of those that `gilplay list` names")->required();
    command.add_option("--set", sets, "Change a knob, for example tasks=8; may be repeated")
        ->type_name("KNOB=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    variants_option =
        command.add_option("--variants", variants, "Only these, separated by commas")->type_name("NAME,NAME");
}

void SimulationOptions::add_to(CLI::App& command) {
    cores_option = command.add_option("--cores", cores, "Cores of the simulated machine")->type_name("N");
    machine_option = command.add_option("--machine", machine_file, "A machine as `gilplay calibrate --json` prints it")
                         ->type_name("FILE");
    seed_option = command.add_option("--seed", seed, "Seed of the simulation; the same seed gives the same run")
                      ->type_name("S")
                      ->capture_default_str();
    events_option = command.add_option("--max-events", max_events, "Stop simulating after so many events")
                        ->type_name("N")
                        ->capture_default_str();
    memory_option = command.add_option("--max-memory", max_memory, "Memory that simulating may take, about")
                        ->type_name("MB")
                        ->capture_default_str();
}

bool SimulationOptions::given() const {
    return cores_option->count() + machine_option->count() + seed_option->count() + events_option->count() +
               memory_option->count() >
           0;
}

void OutputOptions::add_to(CLI::App& command) {
    CLI::Option* json_flag = command.add_flag("--json", json, "Print one JSON document and nothing else");
    command.add_flag("--csv", csv, "Print comma-separated values, a row per variant")->excludes(json_flag);
    trace_option =
        command.add_option("--trace", trace_file, "Write a Chrome trace (Perfetto opens it)")->type_name("FILE");
}

Result<std::optional<OutFile>> OutputOptions::open_trace() const {
    if (trace_option->count() == 0) return std::optional<OutFile>();
    auto file = OutFile::open("--trace", trace_file);
    if (!file) return file.error();
    return std::optional<OutFile>(std::move(file.value()));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

Result<Choice> check(const ChoiceOptions& options) {
    const auto experiment = experiment_named(options.experiment);
    if (!experiment) return experiment.error();
    Choice choice{experiment.value(), Knobs(experiment.value()->knobs), {}, {}};
    std::set<std::string> names;
    for (const std::string& set : options.sets) {
        if (const auto done = apply_set(choice.knobs, set); !done) return done.error();
        const std::string name = set.substr(0, set.find('='));
        if (!names.insert(name).second) return Error{option_place("--set", set), name + " is set twice", "once"};
    }
    if (options.variants_option->count() > 0) choice.variant_names = split(options.variants, ',');
    auto variants = select_variants(choice.experiment->make(choice.knobs), choice.variant_names);
    if (!variants) {
        return Error{option_place("--variants", options.variants), variants.error().what, variants.error().accepted};
    }
    choice.variants = std::move(variants.value());
    return choice;
}

Result<Simulation> check(const SimulationOptions& options) {
    Simulation simulation{Machine{}, 1, {}};
    if (options.machine_option->count() > 0) {
        const std::string where = option_place("--machine", options.machine_file);
        const auto text = read_text(options.machine_file);
        if (!text) return Error{where, text.error().what, text.error().accepted};
        const auto json = parse_json(text.value(), where);
        if (!json) return json.error();
        const auto machine = machine_from_json(json.value());
        if (!machine) {
            const std::string& field = machine.error().where;
            const std::string place = field.empty() ? where : where + ": " + field;
            return Error{place, machine.error().what, machine.error().accepted};
        }
        simulation.machine = machine.value();
    }
    if (options.cores_option->count() > 0) {
        const auto cores = parse_integer("--cores", options.cores, 1, 1'024);
        if (!cores) return cores.error();
        simulation.machine.cores = static_cast<int>(cores.value());
    }
    const auto seed = parse_integer("--seed", options.seed, 0, INT64_MAX);
    if (!seed) return seed.error();
    simulation.seed = static_cast<std::uint64_t>(seed.value());
    const auto events = parse_integer("--max-events", options.max_events, 1, 1'000'000'000'000);
    if (!events) return events.error();
    simulation.budget.max_events = static_cast<std::uint64_t>(events.value());
    const auto memory = parse_integer("--max-memory", options.max_memory, 1, 1'000'000);
    if (!memory) return memory.error();
    simulation.budget.max_bytes = static_cast<std::uint64_t>(memory.value()) << 20;
    return simulation;
}

Budget Simulation::budget_for(const OutputOptions& output) const {
    Budget mine = budget;
    if (output.trace_option->count() > 0) mine.bytes_per_interval += chrome_trace_bytes_per_interval;
    return mine;
}

Result<std::int64_t> parse_integer(std::string_view where, std::string_view text, std::int64_t min, std::int64_t max) {
    const std::string place = option_place(where, text);
    const std::string accepted = std::to_string(min) + " to " + std::to_string(max);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        // Beside plain digits, what else spells a whole number ("1e3"), as far as a double is exact.
        constexpr double exact = 9'007'199'254'740'992.0; // 2^53
        const double number = number_of(text);
        if (std::isnan(number) || number != std::floor(number)) return Error{place, "is not a whole number", accepted};
        if (std::abs(number) > exact) return Error{place, number < 0 ? "is too small" : "is too large", accepted};
        value = static_cast<std::int64_t>(number);
    }
    if (value < min) return Error{place, "is too small", accepted};
    if (value > max) return Error{place, "is too large", accepted};
    return value;
}

int deliver(const Report& report, const Report* simulated, const OutputOptions& output, std::optional<OutFile>& trace) {
    if (trace) {
        const auto written = trace->write(to_chrome_trace(report));
        if (!written) return run_error(written.error());
    }
    int status = 0;
    if (output.json) {
        status = print_out(dump_json(to_json(report), 2) + "\n");
    } else if (output.csv) {
        status = print_out(report_csv(report, simulated));
    } else {
        status = print_out(report_table(report, simulated, detect_terminal()));
    }
    for (const VariantReport& variant : report.variants) {
        if (has_failed(variant)) status = run_error(Error{variant.name, variant.unavailable, ""});
        if (variant.median_run.stop) {
            const bool events = variant.median_run.stop->reason == Stop::Reason::events;
            const std::string option = events ? "--max-events" : "--max-memory";
            status = run_error(Error{variant.name, stop_text(variant) + " (" + option + ")", ""});
        }
    }
    return status;
}

} // namespace gil::native
