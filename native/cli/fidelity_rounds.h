// The rounds of `gilplay fidelity`: every case is simulated, measured and run by Pythons.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/experiments/experiment.h"
#include "core/experiments/fidelity.h"
#include "core/machine/machine.h"
#include "native/cli/options.h"
#include "native/cli/python_session.h"
#include "native/cli/session.h"

namespace gil::native {

struct FidelityTask {
    std::vector<const Experiment*> experiments;
    std::vector<std::string> programs; ///< paths of Pythons
    int repeats = default_repeats;
    int rounds = 1;
    bool defaults_only = false;
};

/// What the simulator is compared with, and how that came out.
struct Comparison {
    std::string reference;        ///< "measured here", "CPython 3.11.2"
    Machine machine;              ///< what the simulator is told to be, as calibrated last
    std::vector<Fidelity> rounds; ///< one for each
};

/// Main thread. Tells the progress on standard error.
class FidelityRounds {
  public:
    /// An experiment with some settings of its knobs.
    struct Case {
        Choice choice;
        std::string place;
    };
    [[nodiscard]] static Result<std::vector<Case>> cases_of(const FidelityTask& task);

    FidelityRounds(FidelityTask task, std::vector<Case> cases);

    /// 0, or the exit status; what went wrong has then been told. Blocks for minutes.
    [[nodiscard]] int run();

    [[nodiscard]] const std::vector<Comparison>& comparisons() const { return comparisons_; }
    /// The cases that did not have the cores for themselves however often they were tried, and in how many rounds.
    [[nodiscard]] const std::map<std::string, int>& disturbed() const { return disturbed_; }
    [[nodiscard]] int count() const { return task_.rounds; }

  private:
    // All of these: 0, or the exit status; what went wrong has been told.
    int run_round(const std::string& prefix);
    int calibrate_all(EngineSession& session);
    int calibrate_engine(EngineSession& session);
    int run_case(EngineSession& session, const Case& each, const std::string& progress);
    /// Adds to attempt_, as ask_pythons does.
    int measure(EngineSession& session, const Case& each);
    int ask_pythons(const Case& each);
    /// Whether this computer is still what it was when the case began.
    int calibrate_again(EngineSession& session, const Case& each, bool& is_the_same);
    /// The same once they are there, or when it has waited long enough.
    int wait_for_cores(EngineSession& session, bool& are_free);
    /// Whether the cores that this computer was calibrated with are there now.
    int look_for_cores(EngineSession& session, bool& are_free) const;

    FidelityTask task_;
    std::vector<Case> cases_;
    std::vector<PythonInterpreter> interpreters_;
    std::vector<Comparison> comparisons_; ///< with this engine, then with the interpreters
    std::vector<Fidelity> attempt_;       ///< at the case under way; as comparisons_
    std::map<std::string, int> disturbed_;
    int most_cores_ = 0; ///< that a calibration has found
    int looks_left_ = 0; ///< at cores that are not free, in this round
};

} // namespace gil::native
