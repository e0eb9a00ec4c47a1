#include "web/app/web_engine_client.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/protocol.h"

extern "C" {
// library_app.js, over engine_link.js.
void gil_engine_send(const std::uint8_t* bytes, std::size_t size);
/// Size of the oldest message that waits, -1 when there is none.
int gil_engine_next_size();
/// Copies it to `bytes` and forgets it. True for an event, false for words that say how the engine failed.
bool gil_engine_take(std::uint8_t* bytes);
void gil_engine_restart();
void gil_engine_start_again();
}

namespace gil::web {

void WebEngineClient::send(const Json& message) {
    const std::vector<std::uint8_t> bytes = to_bytes(message);
    gil_engine_send(bytes.data(), bytes.size());
}

std::optional<Json> WebEngineClient::poll() {
    const int size = gil_engine_next_size();
    if (size < 0) return std::nullopt;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    if (gil_engine_take(bytes.data())) {
        Result<Json> message = from_bytes(bytes);
        if (message) return std::move(message.value());
        return to_json(Event(FailedEvent{0, message.error().line()}));
    }
    return to_json(Event(FailedEvent{0, std::string(bytes.begin(), bytes.end())}));
}

void WebEngineClient::restart() {
    gil_engine_restart();
}

void WebEngineClient::start_again() {
    gil_engine_start_again();
}

} // namespace gil::web
