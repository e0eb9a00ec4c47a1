#include "ui/state/controller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/engine/simulate_report.h"
#include "ui/view/sweep_view.h"

namespace gil::ui {

namespace {

/// A simulation slower than this waits until the slider is let go, so that the slider itself stays smooth.
constexpr double slow_simulation_ms = 8;

} // namespace

Nanoseconds steady_clock_now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

Controller::Controller(Model& model, EngineClient& engine, Platform& platform, std::function<Nanoseconds()> clock)
    : model_(model), engine_(engine), platform_(platform), clock_(std::move(clock)) {
    model_.dark = platform.prefers_dark();
    start_with(platform.address());
}

bool Controller::update() {
    changed_ = false;
    while (const std::optional<Json> message = engine_.poll()) {
        const Result<Event> event = event_from_json(*message);
        if (!event.ok()) {
            take(FailedEvent{0, "The engine sent what this page does not understand (" + event.error().line() + ")."});
            continue;
        }
        if (silence_.owed()) silence_.heard(clock_(), expected_after(event.value()));
        std::visit([this](const auto& content) { take(content); }, event.value());
    }
    look_for_silence();
    return changed_;
}

std::optional<Nanoseconds> Controller::update_due_in() const {
    return model_.progress ? std::optional(silence_.period()) : std::nullopt;
}

void Controller::look_for_silence() {
    if (!model_.progress) return silence_.over();
    Silence::Finding found = silence_.look(clock_(), engine_.is_stopped());
    if (found.lost) {
        engine_.restart();
        return take(FailedEvent{0, found.words});
    }
    changed_ = changed_ || found.words != model_.progress->silence;
    model_.progress->silence = std::move(found.words);
}

void Controller::take(const ReadyEvent& event) {
    changed_ = true;
    model_.capabilities = event.capabilities;
    if (model_.progress && model_.progress->waits_for_engine) send_run();
}

void Controller::take(const ProgressEvent& event) {
    if (!model_.progress || model_.progress->id != event.id) return;
    changed_ = true;
    model_.progress->phase = event.phase;
    model_.progress->variant = event.variant;
    model_.progress->done = event.done;
    model_.progress->total = event.total;
}

void Controller::take(const BegunEvent& event) {
    if (model_.progress && model_.progress->id == event.id && run_so_far_) run_so_far_->take(event);
}

void Controller::take(const MeasuredEvent& event) {
    if (model_.progress && model_.progress->id == event.id && run_so_far_) run_so_far_->take(event);
}

void Controller::take(const ResultEvent& event) {
    changed_ = true;
    if (!model_.progress || model_.progress->id != event.id) return;
    model_.progress.reset();
    show_measured(event.report);
}

void Controller::show_measured(const Report& report) {
    if (report.machine.calibrated) model_.machine = report.machine;
    model_.measured[report.experiment] = report;
    simulate();
    show_measured_point(report);
    if (model_.measured_is_current()) model_.timeline.origin = Origin::measured;
    if (!model_.timeline_run()) model_.timeline.origin = Origin::simulated;
    refresh_timeline(false);
}

/// Of a sweep some points cannot be measured everywhere: then the reader, who has not chosen one, is shown another.
void Controller::show_measured_point(const Report& measured) {
    const VariantReport* shown = find_variant(measured, model_.timeline.variant);
    if (model_.timeline.variant_chosen || !shown || shown->unavailable.empty()) return;
    if (const VariantReport* point = first_point(measured)) model_.timeline.variant = point->name;
}

void Controller::take(const CalibratedEvent& event) {
    changed_ = true;
    model_.machine = event.machine;
    simulate();
    refresh_timeline(true);
}

void Controller::take(const FailedEvent& event) {
    changed_ = true;
    if (event.id != 0 && (!model_.progress || model_.progress->id != event.id)) return;
    // An engine that died (id 0) takes its run with it; the next "ready" tells what the new one can do.
    if (event.id == 0) model_.capabilities.reset();
    const bool was_running = model_.progress.has_value();
    model_.progress.reset();
    notify((was_running ? "The run failed: " : "") + event.reason, true);
}

void Controller::select(const Experiment& experiment) {
    model_.menu_open = false;
    if (model_.decide.open) open_decide(false);
    if (model_.experiment == &experiment) return;
    leave_run();
    model_.edited_knob.clear();
    model_.experiment = &experiment;
    model_.reveal_in_list = true;
    model_.knobs = Knobs(experiment.knobs);
    if (const Report* report = model_.measured_report()) {
        // What was measured stays comparable when the reader comes back to it; a refusal leaves the defaults.
        static_cast<void>(model_.knobs.set_all(report->knobs).ok());
    }
    model_.timeline = {};
    simulate();
    if (model_.measured_is_current()) model_.timeline.origin = Origin::measured;
    refresh_timeline(false);
    saved_state_ = state();
    platform_.visit_state(saved_state_);
}

/// Before another experiment is shown.
void Controller::leave_run() {
    model_.notice.reset();
    if (!model_.progress) return;
    stop();
    notify("The run of \"" + std::string(model_.experiment->label) + "\" was stopped: there is one at a time.", false);
}

void Controller::set_knob(std::string_view name, double value, bool dragging) {
    const Knobs before = model_.knobs;
    model_.knobs.set_number(name, value);
    if (!(before == model_.knobs)) changed(dragging);
}

void Controller::set_knob_text(std::string_view name, std::string_view text) {
    if (const Result<Nothing> taken = model_.knobs.set(name, text); !taken.ok()) {
        notify("Not taken: " + taken.error().line(), true);
        return;
    }
    model_.notice.reset();
    changed(false);
}

void Controller::reset_knob(std::string_view name) {
    model_.knobs.reset(name);
    changed(false);
}

void Controller::set_cores(int cores, bool dragging) {
    const int wanted = cores == model_.machine.cores ? 0 : std::clamp(cores, 0, 64);
    if (wanted == model_.cores) return;
    model_.cores = wanted;
    changed(dragging);
}

void Controller::changed(bool dragging) {
    if (dragging && simulation_ms_ > slow_simulation_ms) {
        model_.simulation_is_late = true;
        return;
    }
    simulate();
    // The measured lanes belong to other knobs now, and the reader moved a slider to see what it does.
    if (!model_.measured_is_current()) model_.timeline.origin = Origin::simulated;
    refresh_timeline(true);
    if (!dragging) finish_drag();
}

void Controller::finish_drag() {
    if (model_.simulation_is_late) changed(false);
    const std::string now = state();
    if (now == saved_state_) return;
    saved_state_ = now;
    platform_.save_state(now);
}

void Controller::simulate() {
    const auto start = std::chrono::steady_clock::now();
    model_.simulation_is_late = false;
    Machine machine = model_.machine;
    machine.cores = model_.simulated_cores();
    const std::vector<Variant> variants = model_.experiment->make(model_.knobs);
    model_.costs = costs_needed(variants);
    model_.simulated = simulate_experiment(*model_.experiment, model_.knobs, variants, machine, 1, interactive_budget);
    simulation_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void Controller::run() {
    model_.notice.reset();
    Progress progress;
    progress.id = ++last_id_;
    progress.waits_for_engine = !model_.capabilities;
    model_.progress = std::move(progress);
    run_so_far_.reset();
    silence_.heard(clock_());
    if (model_.capabilities)
        send_run();
    else
        engine_.start_again();
}

void Controller::send_run() {
    model_.progress->waits_for_engine = false;
    RunRequest request;
    request.id = model_.progress->id;
    request.experiment = model_.experiment->id;
    request.knobs = model_.knobs.to_json();
    engine_.send(to_json(Request(request)));
    silence_.heard(clock_());
    if (auto plan = plan_of(request)) run_so_far_.emplace(std::move(plan.value()));
}

void Controller::stop() {
    const bool engine_knows = model_.progress && !model_.progress->waits_for_engine;
    model_.progress.reset();
    if (!engine_knows) return;
    model_.capabilities.reset();
    engine_.restart();
    keep_stopped();
}

/// A whole run of the same is worth more than a part.
void Controller::keep_stopped() {
    const std::optional<Report> report = run_so_far_ ? run_so_far_->stopped() : std::nullopt;
    run_so_far_.reset();
    if (!report) return notify("Stopped before anything was measured.", false);
    const auto before = model_.measured.find(report->experiment);
    if (before != model_.measured.end() && !before->second.stopped && before->second.knobs == report->knobs) {
        return notify("Stopped. What is shown is the whole run before it.", false);
    }
    show_measured(*report);
    notify("Stopped. What had been measured by then is shown.", false);
}

void Controller::show_variant(const std::string& variant) {
    model_.timeline.variant_chosen = true;
    if (model_.timeline.variant == variant) return;
    model_.timeline.variant = variant;
    if (!model_.timeline_run()) model_.timeline.origin = Origin::simulated;
    refresh_timeline(false);
    finish_drag();
}

void Controller::show_origin(Origin origin) {
    if (model_.timeline.origin == origin) return;
    model_.timeline.origin = origin;
    refresh_timeline(false);
}

void Controller::open_decide(bool open) {
    model_.decide.open = open;
    model_.menu_open = false;
    finish_drag();
}

void Controller::answer(std::string_view id) {
    if (give_answer(model_.decide, id)) finish_drag();
}

void Controller::take_back_answers(std::size_t first) {
    take_back(model_.decide, first);
    finish_drag();
}

void Controller::prove(const Proof& proof) {
    const Experiment* experiment = find_experiment(proof.experiment);
    if (!experiment) return;
    select(*experiment);
    model_.knobs = Knobs(experiment->knobs);
    for (const KnobSetting& setting : proof.knobs) {
        // The tree's tests say that every setting is one of the experiment's.
        static_cast<void>(model_.knobs.set(setting.name, setting.value).ok());
    }
    changed(false);
    show_variant(std::string(proof.winner));
    if (platform_.info().engine_unavailable.empty() && !model_.progress) run();
}

void Controller::toggle_theme() {
    model_.dark = !model_.dark;
}

void Controller::choose_variant() {
    TimelineState& timeline = model_.timeline;
    if (find_variant(model_.simulated, timeline.variant)) return;
    // Where nothing else is said, "threads" shows the GIL at work best; a sweep begins with the far end of its first
    // line, others with their first variant.
    timeline.variant_chosen = false;
    const std::vector<VariantReport>& variants = model_.simulated.variants;
    if (find_variant(model_.simulated, model_.experiment->shown))
        timeline.variant = model_.experiment->shown;
    else if (find_variant(model_.simulated, "threads"))
        timeline.variant = "threads";
    else if (const VariantReport* point = first_point(model_.simulated))
        timeline.variant = point->name;
    else
        timeline.variant = variants.empty() ? std::string() : variants.front().name;
}

void Controller::refresh_timeline(bool keep_view) {
    TimelineState& timeline = model_.timeline;
    choose_variant();
    timeline.gil_rows.clear();
    timeline.interpreters_with_gil = 0;
    timeline.hand_over.reset();
    if (!keep_view) timeline.first_lane = 0;
    timeline.replay.playing = false;
    const VariantReport* run = model_.timeline_run();
    if (!run) return;
    const Trace& trace = run->median_run.trace;
    timeline.gil_rows = gil_rows_of(trace, timeline.interpreters_with_gil);
    if (keep_view && timeline.moved) {
        timeline.view.total = static_cast<double>(trace.end);
        timeline.view = clamped(timeline.view);
        return;
    }
    const bool one = timeline.gil_rows.size() == 1;
    timeline.view = first_view(trace.end, one ? timeline.gil_rows.front().holds : std::vector<GilHold>{});
    timeline.moved = false;
}

void Controller::notify(std::string text, bool is_error) {
    // One line for a person: what other programs write may hold line breaks.
    std::replace(text.begin(), text.end(), '\n', ' ');
    model_.notice = Notice{std::move(text), is_error};
}

} // namespace gil::ui
