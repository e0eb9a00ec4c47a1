#include "native/cli/session.h"

#include <poll.h>

#include <array>
#include <memory>
#include <utility>

#include "core/names.h"
#include "native/cli/waiting.h"
#include "native/delay_server.h"
#include "native/engine_process.h"
#include "native/event_loop.h"

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

} // namespace

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
        label_ = label;
        if (ready_) engine_->send(to_json(request));
        EngineAnswer answer = wait_for_answer(request);
        failed_ = answer.status != 0;
        line_.show("");
        return answer;
    }

  private:
    static EngineAnswer failed(const std::string& reason) { return {{}, Error{"", reason, ""}, 1}; }

    EngineAnswer wait_for_answer(const Request& request) {
        constexpr Nanoseconds patience = 30 * second;
        const Nanoseconds deadline = monotonic_now() + patience;
        for (;;) {
            while (const auto message = engine_->poll()) {
                if (auto answer = take(*message, request)) return *answer;
            }
            if (!ready_ && monotonic_now() > deadline) return failed("the engine did not start within 30 s");
            std::array<pollfd, 2> polled{{{engine_->fd(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
            ::poll(polled.data(), polled.size(), ready_ ? -1 : 1'000);
            if (const int signal = signals_.taken()) return {{}, Error{"", "interrupted", ""}, 128 + signal};
        }
    }

    std::optional<EngineAnswer> take(const Json& message, const Request& request) {
        auto event = event_from_json(message);
        if (!event) return failed("the engine sent garbage: " + event.error().line());
        if (std::holds_alternative<ReadyEvent>(event.value())) {
            ready_ = true;
            engine_->send(to_json(request));
        } else if (const auto* progress = std::get_if<ProgressEvent>(&event.value())) {
            line_.show(label_ + progress_text(*progress));
        } else if (const auto* failure = std::get_if<FailedEvent>(&event.value())) {
            if (failure->id == 0 || failure->id == id_of(request)) return failed(failure->reason);
        } else {
            return EngineAnswer{std::move(event.value()), {}, 0};
        }
        return std::nullopt;
    }

    SignalWatch signals_;
    std::unique_ptr<DelayServer> server_;
    std::unique_ptr<EngineProcess> engine_;
    ProgressLine line_;
    std::string label_;
    bool ready_ = false;
    bool failed_ = false;
};

EngineSession::EngineSession() : impl_(std::make_unique<Impl>()) {}
EngineSession::~EngineSession() = default;

EngineAnswer EngineSession::ask(const Request& request, const std::string& label) {
    return impl_->ask(request, label);
}

EngineAnswer ask_engine(const Request& request) {
    return EngineSession().ask(request);
}

} // namespace gil::native
