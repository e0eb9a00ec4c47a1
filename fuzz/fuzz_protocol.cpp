// Any bytes as a message of the engine's protocol and as a worker process's job or outcome.
#include <cstdlib>
#include <span>

#include "core/engine/protocol.h"
#include "core/measure/child_message.h"

namespace {

void must(bool right) {
    if (!right) std::abort();
}

/// What was accepted must mean the same after another journey.
template<class Message>
void must_survive(const gil::Result<Message>& message, gil::Result<Message> (*read)(const gil::Json&)) {
    if (!message) return must(message.error().line().find('\n') == std::string::npos);
    const gil::Json json = gil::to_json(message.value());
    auto again = read(json);
    must(again.ok() && gil::to_json(again.value()) == json);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    if (auto json = gil::from_bytes(bytes)) {
        must_survive<gil::Request>(gil::request_from_json(json.value()), gil::request_from_json);
        must_survive<gil::Event>(gil::event_from_json(json.value()), gil::event_from_json);
    }
    if (gil::kind_of(bytes).ok()) {
        (void)gil::decode_job(bytes).ok();
        (void)gil::decode_report(bytes).ok();
        (void)gil::decode_items(bytes).ok();
        (void)gil::decode_results(bytes).ok();
        (void)gil::decode_data(bytes).ok();
        (void)gil::decode_begun(bytes).ok();
    }
    return 0;
}
