// Requests to an engine process of their own, from start to answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/protocol.h"

namespace gil::native {

struct EngineAnswer {
    /// ResultEvent or CalibratedEvent; nothing when it failed. Of a run that was interrupted a ResultEvent with what
    /// had been measured by then (Report::stopped), if that is anything.
    std::optional<Event> event;
    Error error;
    int status = 0; ///< exit status: 0 answered, 1 failed, 128 + the signal that interrupted it
};

/// What is said of an interrupted run that is told as far as it came.
inline constexpr std::string_view stopped_note = "; the report has what was measured by then";

/// The exit status of a command that has delivered its report with `delivered`; says that it was interrupted, if it
/// was.
[[nodiscard]] int finish(const EngineAnswer& answer, int delivered);

/// An engine with a delay server, for one or several requests. SIGINT, SIGTERM and SIGHUP end the engine's whole
/// process group. Shows progress on standard error when that is a terminal. Says there, terminal or not, when the
/// engine has said nothing for longer than it should, and ends it when that goes on. Main thread.
class EngineSession {
  public:
    EngineSession();
    ~EngineSession();
    EngineSession(const EngineSession&) = delete;
    EngineSession& operator=(const EngineSession&) = delete;

    /// Asks and blocks until the answer is there. `label` stands before the progress. After an answer that failed the
    /// next request gets a fresh engine.
    [[nodiscard]] EngineAnswer ask(const Request& request, const std::string& label = "");

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// One request to an engine of its own, which ends with the answer. Blocks; main thread.
[[nodiscard]] EngineAnswer ask_engine(const Request& request);

} // namespace gil::native
