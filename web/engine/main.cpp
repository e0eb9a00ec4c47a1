// The exports of engine.wasm and engine-threads.wasm. A module plays one of two roles in its Worker, chosen by the
// first call: the engine (gil_start_engine) or a worker process (gil_start_process_role). Text and bytes cross as
// pointer and length; nothing is kept after a call returns.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <emscripten/emscripten.h>

#include "core/engine.h"
#include "core/kernels/kernel.h"
#include "core/measure/kernel_calibration.h"
#include "core/measure/process_job.h"
#include "core/protocol.h"
#include "web/engine/threads.h"
#include "web/engine/web_host.h"

extern "C" {
// library_engine.js: to the page (engine) or to the engine (process). `kind`: 0 MessagePack event, 1 JSON text event,
// 2 outcome of a process job, 3 failure in words.
void gil_post(int kind, const void* data, std::size_t size);
}

namespace gil::web {
namespace {

enum class Post { event = 0, text_event = 1, outcome = 2, failure = 3 };

struct Role {
    std::unique_ptr<WebHost> host;
    std::unique_ptr<Engine> engine; ///< absent in a worker process
    bool text_events = false;       ///< events as JSON text: tests and benchmarks, which have no MessagePack
};

Role& role() {
    static Role instance;
    return instance;
}

void post(Post kind, const void* data, std::size_t size) {
    gil_post(static_cast<int>(kind), data, size);
}

void post(Post kind, const std::string& text) {
    post(kind, text.data(), text.size());
}

/// Text from JavaScript, or empty.
std::string text_of(const char* data, std::size_t size) {
    return std::string(std::string_view(data, size));
}

std::string string_field(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_field(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number() ? found->get<double>() : 0.0;
}

/// `options` come from engine_worker.js: {"base", "cores", "browser", "no_threads", "no_processes", "text_events"}.
Capabilities capabilities_from(const Json& options) {
    Capabilities result;
    result.engine =
        std::string(built_with_threads() ? "wasm with threads, " : "wasm, ") + string_field(options, "browser");
    result.hardware_concurrency = static_cast<int>(number_field(options, "cores"));
    if (result.hardware_concurrency < 1) result.hardware_concurrency = 1;
    if (!built_with_threads()) {
        result.no_threads = string_field(options, "no_threads");
        if (result.no_threads.empty()) result.no_threads = "threads need shared memory, which this page does not have";
    }
    result.no_processes = string_field(options, "no_processes");
    result.no_wait[static_cast<std::size_t>(WaitKind::http)] =
        "real HTTP requests are measured by the native program; here the wait is a timer";
    result.no_start_method[static_cast<std::size_t>(StartMethod::fork)] = "a browser cannot fork";
    result.max_threads = 16;
    result.max_processes = 16;
    return result;
}

void make_host(const char* data, std::size_t size) {
    const Result<Json> options = parse_json(std::string_view(data, size), "options");
    const Json& json = options ? options.value() : Json();
    role().text_events = number_field(json, "text_events") > 0;
    role().host = std::make_unique<WebHost>(number_field(json, "base"), capabilities_from(json));
}

void send_event(const Json& event) {
    if (role().text_events) {
        post(Post::text_event, dump_json(event));
        return;
    }
    const std::vector<std::uint8_t> bytes = to_bytes(event);
    post(Post::event, bytes.data(), bytes.size());
}

void receive(const Result<Json>& message) {
    if (!role().engine) return;
    if (message)
        role().engine->receive(message.value());
    else
        send_event(to_json(Event(FailedEvent{0, message.error().line()})));
}

} // namespace
} // namespace gil::web

using namespace gil;
using namespace gil::web;

extern "C" {

EMSCRIPTEN_KEEPALIVE void gil_start_engine(const char* options, std::size_t size) {
    make_host(options, size);
    role().engine = std::make_unique<Engine>(*role().host, send_event);
}

/// One message of the front end, MessagePack.
EMSCRIPTEN_KEEPALIVE void gil_receive(const std::uint8_t* bytes, std::size_t size) {
    receive(from_bytes(std::span(bytes, size)));
}

/// One message of the front end, JSON text.
EMSCRIPTEN_KEEPALIVE void gil_receive_text(const char* text, std::size_t size) {
    receive(parse_json(std::string_view(text, size), "message"));
}

EMSCRIPTEN_KEEPALIVE void gil_start_process_role(const char* options, std::size_t size, int warm) {
    make_host(options, size);
    if (warm == 0) return;
    // V8 starts in its baseline tier and never replaces a running call: a kept Worker is not ready before its kernels
    // run at their final speed.
    for (int kernel = 0; kernel < kernel_count; ++kernel) warm_up_kernel(*role().host, static_cast<Kernel>(kernel));
}

/// One process job; the answer is posted as an outcome or a failure.
EMSCRIPTEN_KEEPALIVE void gil_run_job(const std::uint8_t* bytes, std::size_t size) {
    Result<ProcessJob> job = decode_process_job(std::span(bytes, size));
    if (!job) {
        post(Post::failure, job.error().line());
        return;
    }
    run_process_job(*role().host, std::move(job.value()), [](Result<ProcessOutcome> outcome) {
        if (!outcome) {
            post(Post::failure, outcome.error().line());
            return;
        }
        const std::vector<std::uint8_t> answer = encode(outcome.value());
        post(Post::outcome, answer.data(), answer.size());
    });
}

// Answers of the JS library files; each runs from the Worker's event loop.

EMSCRIPTEN_KEEPALIVE void gil_on_timer(int id) {
    role().host->on_timer(id);
}

EMSCRIPTEN_KEEPALIVE void gil_on_prepared(int id, const char* problem, std::size_t size) {
    role().host->on_prepared(id, text_of(problem, size));
}

EMSCRIPTEN_KEEPALIVE void gil_on_process_outcome(int run, int index, const std::uint8_t* bytes, std::size_t size) {
    role().host->on_process_outcome(run, index, std::span(bytes, size));
}

EMSCRIPTEN_KEEPALIVE void gil_on_process_failed(int run, int index, const char* problem, std::size_t size) {
    role().host->on_process_failed(run, index, text_of(problem, size));
}

} // extern "C"
