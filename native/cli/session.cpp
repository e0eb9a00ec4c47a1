#include "native/cli/session.h"

#include <poll.h>

#include <array>
#include <memory>

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

class Session {
  public:
    explicit Session(const Request& request) : request_(request) {
        auto opened = DelayServer::open();
        if (opened) server_ = std::move(opened.value());
        EngineProcess::Options options;
        options.delay_port = server_ ? server_->port() : 0;
        options.restart_after_death = false;
        engine_ = std::make_unique<EngineProcess>(options);
        if (server_) server_->start();
    }

    EngineAnswer run() {
        constexpr Nanoseconds patience = 30 * second;
        const Nanoseconds deadline = monotonic_now() + patience;
        for (;;) {
            while (const auto message = engine_->poll()) {
                if (auto answer = take(*message)) return *answer;
            }
            if (!ready_ && monotonic_now() > deadline) return failed("the engine did not start within 30 s");
            std::array<pollfd, 2> polled{{{engine_->fd(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
            ::poll(polled.data(), polled.size(), ready_ ? -1 : 1'000);
            if (const int signal = signals_.taken()) return {{}, Error{"", "interrupted", ""}, 128 + signal};
        }
    }

  private:
    static EngineAnswer failed(const std::string& reason) { return {{}, Error{"", reason, ""}, 1}; }

    std::optional<EngineAnswer> take(const Json& message) {
        auto event = event_from_json(message);
        if (!event) return failed("the engine sent garbage: " + event.error().line());
        if (std::holds_alternative<ReadyEvent>(event.value())) {
            ready_ = true;
            engine_->send(to_json(request_));
        } else if (const auto* progress = std::get_if<ProgressEvent>(&event.value())) {
            line_.show(progress_text(*progress));
        } else if (const auto* failure = std::get_if<FailedEvent>(&event.value())) {
            if (failure->id == 0 || failure->id == id_of(request_)) return failed(failure->reason);
        } else {
            return EngineAnswer{std::move(event.value()), {}, 0};
        }
        return std::nullopt;
    }

    const Request& request_;
    SignalWatch signals_;
    std::unique_ptr<DelayServer> server_;
    std::unique_ptr<EngineProcess> engine_;
    ProgressLine line_;
    bool ready_ = false;
};

} // namespace

EngineAnswer ask_engine(const Request& request) {
    return Session(request).run();
}

} // namespace gil::native
