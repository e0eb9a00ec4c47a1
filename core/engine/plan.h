// What a request asks to be measured, as the engine and its front end both know it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/engine/protocol.h"
#include "core/report/report.h"

namespace gil {

struct Plan {
    Report report; ///< experiment and knobs; nothing measured yet
    std::vector<Variant> variants;
    std::function<void(Report&)> conclude; ///< gives a measured report its verdict
};

/// The error says what is wrong with the request.
[[nodiscard]] Result<Plan> plan_of(const RunRequest& request);
[[nodiscard]] Plan plan_of(const ScenarioRequest& request);

/// A run as far as it has come, from what the engine told while it lasted. What a reader who stops it keeps: every
/// variant with at least one whole counted run.
class RunSoFar {
  public:
    explicit RunSoFar(Plan plan);

    /// Of another run than this one they change nothing.
    void take(const BegunEvent& begun);
    void take(const MeasuredEvent& measured);

    /// The report of the run if it is stopped now: variants that were not reached say so, and without them nothing is
    /// judged. Nothing when no variant has a whole counted run.
    [[nodiscard]] std::optional<Report> stopped() const;

  private:
    Plan plan_;
};

} // namespace gil
