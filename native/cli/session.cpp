#include "native/cli/session.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "core/base/text.h"
#include "core/engine/plan.h"
#include "core/engine/silence.h"
#include "native/base/event_loop.h"
#include "native/cli/output.h"
#include "native/cli/waiting.h"
#include "native/client/engine_process.h"
#include "native/engine/limits.h"
#include "native/http/delay_server.h"

namespace gil::native {

namespace {

std::string progress_text(const ProgressEvent& progress) {
    std::string text = progress.phase;
    if (!progress.variant.empty()) text += " " + progress.variant;
    if (progress.total > 0) {
        text += ", " + std::to_string(progress.done) + " of " + std::to_string(progress.total);
    }
    return printable(text);
}

int id_of(const Request& request) {
    return std::visit([](const auto& kind) { return kind.id; }, request);
}

/// What a run is, so that it can be told when it is interrupted; nothing for what is no run.
std::optional<RunSoFar> run_of(const Request& request) {
    if (const auto* scenario = std::get_if<ScenarioRequest>(&request)) return RunSoFar(plan_of(*scenario));
    const auto* run = std::get_if<RunRequest>(&request);
    if (run == nullptr) return std::nullopt;
    auto plan = plan_of(*run);
    return plan ? std::optional<RunSoFar>(std::move(plan.value())) : std::nullopt;
}

} // namespace

/// That the engine is silent, where the progress stands or, without a terminal, on two lines.
class SilenceTeller {
  public:
    explicit SilenceTeller(ProgressLine& line) : line_(line) {}

    /// `words`: Silence::Finding; empty: it speaks. `progress`: what the line says otherwise.
    void tell(const std::string& words, const std::string& progress) {
        if (words == told_) return;
        if (line_.is_terminal()) {
            line_.show(progress.empty() || words.empty() ? progress + words : progress + " (" + words + ")");
        } else if (words.empty() || told_.empty()) {
            print_progress("note: " + (words.empty() ? "the engine goes on" : words));
        }
        told_ = words;
    }

  private:
    ProgressLine& line_;
    std::string told_;
};

class EngineSession::Impl {
  public:
    Impl() {
        auto opened = DelayServer::open();
        if (opened) server_ = std::move(opened.value());
        EngineProcess::Options options;
        options.delay_port = server_ ? server_->port() : 0;
        options.restart_after_death = false;
        engine_ = std::make_unique<EngineProcess>(options);
        // Without its thread the server would let everybody wait; what needs no server is measured all the same.
        if (server_ && !server_->start()) {
            server_.reset();
            engine_->restart_without_delays();
        }
    }

    EngineAnswer ask(const Request& request, const std::string& label) {
        if (std::exchange(failed_, false)) {
            engine_->restart();
            ready_ = false;
        }
        progress_ = label;
        label_ = label;
        run_ = run_of(request);
        silence_.heard(monotonic_now());
        if (ready_) engine_->send(to_json(request));
        EngineAnswer answer = wait_for_answer(request);
        failed_ = answer.status != 0;
        silence_.over();
        line_.show("");
        return answer;
    }

  private:
    static EngineAnswer failed(const std::string& reason) { return {{}, Error{"", reason, ""}, 1}; }

    EngineAnswer wait_for_answer(const Request& request) {
        const Nanoseconds patience = std::min(30 * second, 2 * limits_.longest);
        const Nanoseconds deadline = monotonic_now() + patience;
        for (;;) {
            while (const auto message = engine_->poll()) {
                if (auto answer = take(*message, request)) return *answer;
            }
            const Nanoseconds now = monotonic_now();
            if (!ready_ && now > deadline) {
                return failed("the engine did not start within " +
                              plain_number(static_cast<double>(patience / millisecond) / 1e3) + " s");
            }
            const Silence::Finding silence = silence_.look(now, engine_->is_stopped());
            if (silence.lost) return failed(silence.words);
            teller_.tell(silence.words, progress_);
            std::array<pollfd, 2> polled{{{engine_->fd(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
            ::poll(polled.data(), polled.size(), static_cast<int>(silence_.period() / millisecond) + 1);
            if (const int signal = signals_.taken()) return interrupted(signal, id_of(request));
        }
    }

    EngineAnswer interrupted(int signal, int id) {
        EngineAnswer answer{{}, Error{"", "interrupted", ""}, 128 + signal};
        auto report = run_ ? run_->stopped() : std::nullopt;
        if (!report) return answer;
        answer.event = ResultEvent{id, std::move(*report)};
        return answer;
    }

    std::optional<EngineAnswer> take(const Json& message, const Request& request) {
        auto event = event_from_json(message);
        if (!event) return failed("the engine sent garbage: " + event.error().line());
        silence_.heard(monotonic_now(), expected_after(event.value()));
        if (std::holds_alternative<ReadyEvent>(event.value())) {
            ready_ = true;
            engine_->send(to_json(request));
        } else if (const auto* progress = std::get_if<ProgressEvent>(&event.value())) {
            progress_ = label_ + progress_text(*progress);
            line_.show(progress_);
        } else if (const auto* begun = std::get_if<BegunEvent>(&event.value())) {
            if (run_) run_->take(*begun);
        } else if (const auto* measured = std::get_if<MeasuredEvent>(&event.value())) {
            if (run_) run_->take(*measured);
        } else if (const auto* failure = std::get_if<FailedEvent>(&event.value())) {
            if (failure->id == 0 || failure->id == id_of(request)) return failed(failure->reason);
        } else if (!std::holds_alternative<AliveEvent>(event.value())) {
            return EngineAnswer{std::move(event.value()), {}, 0};
        }
        return std::nullopt;
    }

    SignalWatch signals_;
    std::unique_ptr<DelayServer> server_;
    std::unique_ptr<EngineProcess> engine_;
    const Limits limits_ = limits_from_environment();
    ProgressLine line_;
    SilenceTeller teller_{line_};
    Silence silence_{silence_limits(limits_)};
    std::optional<RunSoFar> run_; ///< of the request under way
    std::string label_;
    std::string progress_; ///< what the line says
    bool ready_ = false;
    bool failed_ = false;
};

int finish(const EngineAnswer& answer, int delivered) {
    if (answer.status == 0) return delivered;
    run_error(Error{"", answer.error.what + std::string(stopped_note), ""});
    return answer.status;
}

EngineSession::EngineSession() : impl_(std::make_unique<Impl>()) {}
EngineSession::~EngineSession() = default;

EngineAnswer EngineSession::ask(const Request& request, const std::string& label) {
    return impl_->ask(request, label);
}

EngineAnswer ask_engine(const Request& request) {
    return EngineSession().ask(request);
}

} // namespace gil::native
