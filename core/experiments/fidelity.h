// How true the simulator is: its speed-ups beside those of a reference (this engine, or CPython), over many cases.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/report/report.h"

namespace gil {

/// A variant whose speed-up is known on both sides.
struct FidelityRow {
    std::string place; ///< "io-bound workers=5"
    std::string variant;
    double simulated = 0;
    double reference = 0;
    /// |simulated / reference - 1|
    [[nodiscard]] double error() const;
};

/// Two variants whose times differ by more than 15 % in the reference, and whose order the simulation has wrong.
struct OrderFault {
    std::string place;
    std::string faster; ///< in the reference
    std::string slower;
    double by = 0; ///< how much slower, 0.2 for 20 %
};

struct Fidelity {
    std::vector<FidelityRow> rows;
    std::vector<OrderFault> faults;
    int pairs = 0; ///< compared by their order
};

/// Compares two reports of the same case and adds what it finds. A speed-up is that of the report; where it has none
/// (no sequential variant) it is the time of the first variant that ran on both sides divided by this one's. Variants
/// that did not run on both sides, or are to go wrong, are left out.
void compare(const std::string& place, const Report& simulated, const Report& reference, Fidelity& into);

/// Whether no speed-up of the one differs from the other's by more than `most` (0.15 for 15 %): two simulations of a
/// case, on a computer as calibrated twice.
[[nodiscard]] bool agree(const Report& simulated, const Report& reference, double most);

/// Adds the comparisons of other cases.
void append(Fidelity more, Fidelity& into);

/// What several rounds over the same cases (at least one) say together: of a variant's speed-ups the medians, and of
/// wrong orders those that most rounds have wrong.
[[nodiscard]] Fidelity median_of(std::span<const Fidelity> rounds);

/// 0 when there is no row.
[[nodiscard]] double median_error(const Fidelity& fidelity);
[[nodiscard]] double worst_error(const Fidelity& fidelity);

/// The settings of its knobs with which an experiment is compared; the first is that of the defaults, {}.
[[nodiscard]] std::vector<Json> fidelity_cases(const Experiment& experiment);

/// "io-bound", or "io-bound workers=5 io=http".
[[nodiscard]] std::string fidelity_place(const Experiment& experiment, const Json& knobs);

[[nodiscard]] Json to_json(const Fidelity& fidelity);

} // namespace gil
