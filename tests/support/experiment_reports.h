// Reports to judge: simulated ones, and ones with chosen numbers for what a simulation of the defaults does not show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/report/report.h"

namespace gil::test {

[[nodiscard]] Machine machine_with(int cores);

/// The knobs of experiment `id` with `values` set.
[[nodiscard]] Knobs knobs_with(std::string_view id, const Json& values);

[[nodiscard]] Report simulated(std::string_view id, const Json& values = Json::object(), int cores = 4);

/// A report of experiment `id` in which every variant did its work rightly in 100 ms and nothing else is known of it.
class ChosenReport {
  public:
    explicit ChosenReport(std::string_view id, const Json& values = Json::object(), int cores = 4);

    [[nodiscard]] VariantReport& at(std::string_view name);
    /// All repeats took `ms`.
    ChosenReport& wall(std::string_view name, double ms) { return wall(name, ms, ms, ms); }
    ChosenReport& wall(std::string_view name, double median, double min, double max);
    ChosenReport& observe(std::string_view variant, std::string_view what, std::int64_t value, std::int64_t expected);
    ChosenReport& tell(std::string_view variant, std::string_view what, std::string text);
    ChosenReport& error(std::string_view variant, std::size_t task, std::string text);
    ChosenReport& lanes(std::string_view variant, std::size_t count);
    ChosenReport& unavailable(std::string_view variant, std::string reason);
    ChosenReport& wrong(std::string_view variant);
    /// From now on a report of a run on this computer; before, of a simulation.
    ChosenReport& from_here();
    /// From now on a report of a real interpreter, which keeps no trace.
    ChosenReport& from_cpython();

    /// Judged and told, with speed-ups from the walls as they are now.
    [[nodiscard]] Report concluded();
    /// The verdict alone.
    [[nodiscard]] Verdict judge();

  private:
    const Experiment* experiment_;
    Report report_;
};

/// True when `text` contains `part`; for sentences of verdicts.
[[nodiscard]] bool says(const Verdict& verdict, std::string_view part);

} // namespace gil::test
