// Everything the panels show. Panels read it; only the Controller changes what the engine or the link depends on.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/machine/machine.h"
#include "core/report/report.h"
#include "core/scenario/capabilities.h"
#include "ui/view/decide_view.h"
#include "ui/view/format.h"
#include "ui/view/replay.h"
#include "ui/view/timeline_view.h"

namespace gil::ui {

/// A run that was asked for and has not answered yet.
struct Progress {
    int id = 0;
    bool waits_for_engine = false; ///< asked for before the engine said "ready"
    std::string phase;             ///< as in ProgressEvent
    std::string variant;
    int done = 0;
    int total = 0;
    std::string silence; ///< not empty: for how long the engine has said nothing
};

/// One line in the run bar that stays until the next run or until the reader moves on.
struct Notice {
    std::string text;
    bool is_error = false;
};

/// What the timeline shows.
struct TimelineState {
    std::string variant;
    bool variant_chosen = false; ///< by the reader or the link, not by us
    Origin origin = Origin::simulated;
    TimelineView view;
    bool moved = false;              ///< the reader zoomed or moved, so keep the view while knobs change
    std::optional<double> hand_over; ///< the hand-over that the step buttons stand at, ns
    std::vector<GilRow> gil_rows;    ///< of the shown trace, one per GIL that has a row
    int interpreters_with_gil = 0;
    Replay replay;
    std::optional<double> pointer; ///< the time under the pointer in the last frame, ns
    int first_lane = 0;            ///< when there are more lanes than fit
    int dragged_lane = 0;          ///< the first lane when the drag under way began
};

struct Model {
    explicit Model(const Experiment& first) : experiment(&first), knobs(first.knobs), simulated() {}

    const Experiment* experiment;
    Knobs knobs;
    Report simulated;                       ///< for exactly these knobs
    std::map<std::string, Report> measured; ///< the last measured report of each experiment, by its id
    Machine machine;                        ///< a typical one until this computer is calibrated
    int cores = 0;                          ///< cores for the simulation only; 0: those of `machine`
    CostGroups costs;                       ///< of `machine` that the simulation looks at

    std::optional<Capabilities> capabilities; ///< empty until the engine said "ready"
    std::optional<Progress> progress;         ///< while a run is under way
    std::optional<Notice> notice;

    TimelineState timeline;
    DecideState decide; ///< while it is open it stands in place of the experiment
    bool dark = false;
    bool menu_open = false;
    bool reveal_in_list = true;         ///< the list has yet to scroll to the chosen experiment
    double copied_until = 0;            ///< ImGui time until which "copied" is shown
    std::string copied_what;            ///< which button says so
    std::string edited_knob;            ///< the knob whose value is being typed
    std::array<char, 32> edited_text{}; ///< what stands in its field so far
    bool edit_is_new = false;           ///< the field still has to be filled and focused
    bool pictures_missing = false;      ///< some are still to be made, one a frame
    bool simulation_is_late = false;    ///< knobs changed by a drag, and simulating is too slow to follow it

    /// The measured report of the chosen experiment, of whatever knobs; nullptr when there is none.
    [[nodiscard]] const Report* measured_report() const;
    /// True when that report was measured with the present knobs.
    [[nodiscard]] bool measured_is_current() const;
    /// True when the simulation of an experiment that has not run here rests on costs of this computer and on typical
    /// ones.
    [[nodiscard]] bool simulated_with_typical_costs() const;
    /// The report whose verdict counts: measured if it is current, else simulated.
    [[nodiscard]] const Report& judged() const;
    /// The run behind the timeline; nullptr when that variant did not run.
    [[nodiscard]] const VariantReport* timeline_run() const;
    /// Cores that the simulation counts on.
    [[nodiscard]] int simulated_cores() const { return cores > 0 ? cores : machine.cores; }
};

/// A number of cores for the simulation; nullopt when it is none.
[[nodiscard]] std::optional<int> cores_from(double number);
inline constexpr std::string_view cores_accepted = "cores are a whole number from 1 to 64";

/// The verdict's headline; a simulated one never reads like a measured one.
[[nodiscard]] std::string verdict_headline(const Report& report);

/// How long the simulation took in virtual time; of one that was stopped: "over 93 s".
[[nodiscard]] inline std::string simulated_time_text(const VariantReport& variant) {
    return (variant.median_run.stop ? "over " : "") + time_text(variant.wall_ms.median);
}

/// Why one choice of a choice knob cannot be measured here; empty when it can.
[[nodiscard]] std::string choice_unavailable(const Model& model, const Knob& knob, std::size_t choice);

/// The same of what is chosen now, as a sentence for beside Run: "A browser cannot fork: ..."; empty when all can be.
[[nodiscard]] std::string chosen_unavailable(const Model& model);

} // namespace gil::ui
