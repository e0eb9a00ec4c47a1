// What the reader's actions do: changes the model, asks the engine, takes its answers. UI thread; never blocks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/engine/protocol.h"
#include "core/engine/silence.h"
#include "ui/state/engine_client.h"
#include "ui/state/model.h"
#include "ui/state/platform.h"
#include "ui/view/link.h"

namespace gil::ui {

/// What an address says that a Controller would leave out, with a notice to its reader: the first such part. Pure.
[[nodiscard]] Result<Nothing> check_state(std::string_view state);

[[nodiscard]] Nanoseconds steady_clock_now();

class Controller {
  public:
    /// All three must outlive it. Applies the platform's address. `clock` is monotonic, for silence only.
    Controller(Model& model, EngineClient& engine, Platform& platform,
               std::function<Nanoseconds()> clock = steady_clock_now);

    /// Takes all events that have arrived, and looks for how long there were none. True when something on the screen
    /// changed.
    bool update();
    /// After so long update() is to be called again even when nothing arrives; nothing while no run is under way.
    [[nodiscard]] std::optional<Nanoseconds> update_due_in() const;

    void select(const Experiment& experiment);
    /// Shows what an address says, as at the start: the reader went back, or changed it by hand.
    void go_to(const std::string& state);
    /// `dragging`: more of these follow at once, so a slow simulation may wait for finish_drag().
    void set_knob(std::string_view name, double value, bool dragging = false);
    /// Typed text; what is refused becomes the notice and changes nothing.
    void set_knob_text(std::string_view name, std::string_view text);
    void reset_knob(std::string_view name);
    /// Cores of the simulation; 0: those of the machine.
    void set_cores(int cores, bool dragging = false);
    void finish_drag();

    void run();
    void stop();

    void show_variant(const std::string& variant);
    void show_origin(Origin origin);
    void open_decide(bool open);
    void answer(std::string_view id);
    void take_back_answers(std::size_t first);
    /// Goes to the experiment of a piece of advice, with its knobs, and runs it where that is possible.
    void prove(const Proof& proof);
    void toggle_theme();

    /// "cpu-bound?tasks=4&work_ms=300&view=threads"
    [[nodiscard]] std::string state() const;

  private:
    void start_with(std::string_view state);
    void apply(const Link& link);
    void apply_field(const std::string& name, const std::string& value, std::string& refused);
    void changed(bool dragging);
    void simulate();
    void choose_variant();
    void show_measured_point(const Report& measured);
    void refresh_timeline(bool keep_view);
    void send_run();
    void leave_run();
    void look_for_silence();
    void keep_stopped();
    void show_measured(const Report& report);
    void notify(std::string text, bool is_error);

    void take(const ReadyEvent& event);
    void take(const ProgressEvent& event);
    void take(const AliveEvent&) {} // heard, which is all
    void take(const BegunEvent& event);
    void take(const MeasuredEvent& event);
    void take(const ResultEvent& event);
    void take(const CalibratedEvent& event);
    void take(const FailedEvent& event);

    Model& model_;
    EngineClient& engine_;
    Platform& platform_;
    std::function<Nanoseconds()> clock_;
    Silence silence_;
    std::optional<RunSoFar> run_so_far_; ///< what Stop keeps of the run under way
    int last_id_ = 0;
    bool changed_ = false;     ///< the screen, since update() was called
    double simulation_ms_ = 0; ///< cost of the last simulation
    std::string saved_state_;
};

} // namespace gil::ui
