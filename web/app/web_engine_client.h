// The front end's end of the line to the engine Worker; the Worker's life is in engine_link.js.
#pragma once

#include "ui/state/engine_client.h"

namespace gil::web {

class WebEngineClient final : public ui::EngineClient {
  public:
    void send(const Json& message) override;
    [[nodiscard]] std::optional<Json> poll() override;
    void restart() override;
    void start_again() override;
};

} // namespace gil::web
