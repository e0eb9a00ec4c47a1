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

#include "core/engine/engine.h"
#include "core/engine/protocol.h"
#include "core/kernels/kernel.h"
#include "core/measure/child_program.h"
#include "core/measure/kernel_calibration.h"
#include "web/engine/threads.h"
#include "web/engine/web_host.h"

extern "C" {
// library_engine.js: to the page (engine) or to the engine (process). `kind`: 0 MessagePack event, 1 JSON text event,
// 2 message of a child to its parent, 3 the child has left (no data).
void gil_post(int kind, const void* data, std::size_t size);
}

namespace gil::web {
namespace {

enum class Post { event = 0, text_event = 1, message = 2, left = 3 };

struct Role {
    std::unique_ptr<WebHost> host;
    std::unique_ptr<Engine> engine;        ///< absent in a worker process
    std::unique_ptr<ChildProgram> program; ///< of a worker process, a new one for every use
    int uses = 0;                          ///< of a worker process; a program that was left behind has no voice
    bool text_events = false;              ///< events as JSON text: tests and benchmarks, which have no MessagePack
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

/// `options` come from engine_worker.js: {"base", "cores", "browser", "no_threads", "no_processes",
/// "no_shared_blocks", "delay_url", "no_http", "text_events"}.
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
    result.no_process_threads = result.no_threads;
    result.no_shared_blocks = string_field(options, "no_shared_blocks");
    const auto no_wait = [&result](WaitKind kind, const char* reason) {
        result.no_wait[static_cast<std::size_t>(kind)] = reason;
    };
    no_wait(WaitKind::http, string_field(options, "no_http").c_str());
    no_wait(WaitKind::socket, "a page has no sockets of its own");
    no_wait(WaitKind::file, "a page has no files");
    no_wait(WaitKind::database, "a page has no database of its own");
    result.no_start_method[static_cast<std::size_t>(StartMethod::fork)] = "a browser cannot fork";
    result.max_threads = 32;
    result.max_processes = 16;
    return result;
}

void make_host(const char* data, std::size_t size) {
    const Result<Json> options = parse_json(std::string_view(data, size), "options");
    const Json& json = options ? options.value() : Json();
    role().text_events = number_field(json, "text_events") > 0;
    role().host =
        std::make_unique<WebHost>(number_field(json, "base"), string_field(json, "delay_url"), capabilities_from(json));
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

/// A worker process serves a new parent's child: nothing of the last one is left. `blocks` are library_blocks.js'
/// handles.
EMSCRIPTEN_KEEPALIVE void gil_begin_use(const int* blocks, std::size_t count) {
    role().program.reset();
    role().host->give_blocks(std::span(blocks, count));
    const int use = ++role().uses;
    role().program = std::make_unique<ChildProgram>(
        *role().host,
        [use](const Bytes& message) {
            if (use == role().uses) post(Post::message, message.data(), message.size());
        },
        [use] {
            if (use == role().uses) post(Post::left, nullptr, 0);
        });
}

/// One message of the parent.
EMSCRIPTEN_KEEPALIVE void gil_child_receive(const std::uint8_t* bytes, std::size_t size) {
    if (role().program) role().program->receive(Bytes(bytes, bytes + size));
}

EMSCRIPTEN_KEEPALIVE void gil_child_closed() {
    if (role().program) role().program->closed();
}

// Answers of the JS library files; each runs from the Worker's event loop.

EMSCRIPTEN_KEEPALIVE void gil_on_timer(int id) {
    role().host->on_timer(id);
}

EMSCRIPTEN_KEEPALIVE void gil_on_prepared(int id, const char* problem, std::size_t size) {
    role().host->on_prepared(id, text_of(problem, size));
}

EMSCRIPTEN_KEEPALIVE void gil_on_answer(int id, int status) {
    role().host->on_answer(id, status);
}

EMSCRIPTEN_KEEPALIVE void gil_on_child_message(int child, const std::uint8_t* bytes, std::size_t size) {
    role().host->on_child_message(child, std::span(bytes, size));
}

EMSCRIPTEN_KEEPALIVE void gil_on_child_end(int child, int up, const char* words, std::size_t size) {
    role().host->on_child_end(child, up != 0, text_of(words, size));
}

} // extern "C"
