// The messages between a front end and its engine, as JSON values; the transport (socket pair, postMessage) carries
// them as MessagePack. Cancelling is not a message: an engine that computes cannot listen, so the front end ends it and
// starts another one (EngineClient::restart).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/machine/machine.h"
#include "core/report/report.h"
#include "core/scenario/capabilities.h"
#include "core/scenario/scenario.h"

namespace gil {

// Front end to engine. `id` is chosen by the front end and comes back in every answer.

/// {"type":"run","id":1,"experiment":"cpu-bound","knobs":{...},"variants":["threads"],"repeats":3}
struct RunRequest {
    int id = 0;
    std::string experiment;
    Json knobs = Json::object();
    std::vector<std::string> variants; ///< empty: all
    int repeats = default_repeats;     ///< counted runs after one warm-up, 1 to 100
};
/// {"type":"run_scenario","id":1,"scenario":{...},"repeats":3}
struct ScenarioRequest {
    int id = 0;
    Scenario scenario;
    int repeats = default_repeats;
};
/// {"type":"calibrate","id":1}
struct CalibrateRequest {
    int id = 0;
};
using Request = std::variant<RunRequest, ScenarioRequest, CalibrateRequest>;

// Engine to front end.

/// Sent once, before anything else.
struct ReadyEvent {
    Capabilities capabilities;
};
struct ProgressEvent {
    int id = 0;
    std::string phase;   ///< "calibrating", "warming up", "running"
    std::string variant; ///< empty while calibrating
    int done = 0;        ///< runs finished, warm-up included
    int total = 0;
    Nanoseconds expected = 0; ///< what now follows asks for so much time, and may come without a word in between
};
/// A sign of life while a calibration lasts, which has no progress to tell.
struct AliveEvent {
    int id = 0;
};
/// The computer is calibrated as far as the run needs it, and measuring begins.
struct BegunEvent {
    int id = 0;
    Machine machine;
    std::string engine; ///< as in Report
};
/// What is known so far of a variant, after each of its counted runs (where it is large, after the last), or why it
/// cannot be measured: what a reader who stops the run keeps. Without its scenario and place in a sweep.
struct MeasuredEvent {
    int id = 0;
    VariantReport variant;
};
struct ResultEvent {
    int id = 0;
    Report report;
};
struct CalibratedEvent {
    int id = 0;
    Machine machine;
};
struct FailedEvent {
    int id = 0;
    std::string reason; ///< one line for the reader
};
using Event = std::variant<ReadyEvent, ProgressEvent, AliveEvent, BegunEvent, MeasuredEvent, ResultEvent,
                           CalibratedEvent, FailedEvent>;

/// ProgressEvent::expected, where it is one.
[[nodiscard]] Nanoseconds expected_after(const Event& event);

[[nodiscard]] Json to_json(const Request& request);
[[nodiscard]] Json to_json(const Event& event);

/// Strict; never throws. The error's place is a path in the message.
[[nodiscard]] Result<Request> request_from_json(const Json& json);
[[nodiscard]] Result<Event> event_from_json(const Json& json);

} // namespace gil
