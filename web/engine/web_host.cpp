#include "web/engine/web_host.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/scenario/patience.h"
#include "web/engine/threads.h"
#include "web/engine/web_block.h"

extern "C" {
// library_engine.js.

/// Milliseconds since `base`, itself milliseconds since 1970. Any thread.
double gil_clock_ms(double base);
/// Calls gil_on_timer(id) from the event loop after at least `ms`.
void gil_call_after(int id, double ms);

// library_requests.js. The status of the answer; 0: there was none.

/// Blocks. Any thread.
int gil_request(const char* url);
/// Answers by gil_on_answer(id, status) from the event loop.
void gil_request_async(const char* url, int id);

// library_processes.js.

/// Keeps `count` warmed-up Workers ready (kept != 0) or only compiles the module; then gil_on_prepared(id, ...).
void gil_prepare_processes(int kept, int count, int threads, int id);
/// A kept Worker or a fresh one, which then belongs to `child`. Answers by gil_on_child_message and gil_on_child_end.
void gil_start_child(int child, int kept, int threads, const int* blocks, std::size_t count);
void gil_send_to_child(int child, const std::uint8_t* data, std::size_t size);
void gil_close_child(int child);
/// Ends its Worker, which is not heard of again. Nothing happens when it has ended.
void gil_end_child(int child);
}

namespace gil::web {
namespace {

Result<Nothing> judge_answer(int status) {
    if (status == 200) return Nothing{};
    if (status == 0) return Error{"HTTP request", "the page's host did not answer", ""};
    return Error{"HTTP request", "answered HTTP " + std::to_string(status), ""};
}

} // namespace

class WebHost::Child final : public ChildProcess {
  public:
    Child(WebHost& host, int id) : host_(host), id_(id) {}
    ~Child() override {
        host_.children_.erase(id_);
        gil_end_child(id_);
    }
    void send(std::vector<std::uint8_t> message) override { gil_send_to_child(id_, message.data(), message.size()); }
    void close() override { gil_close_child(id_); }

  private:
    WebHost& host_;
    int id_;
};

WebHost::WebHost(double clock_base, std::string delay_url, Capabilities capabilities)
    : clock_base_(clock_base), delay_url_(std::move(delay_url)), capabilities_(std::move(capabilities)) {}

Nanoseconds WebHost::now() const {
    return from_ms(gil_clock_ms(clock_base_));
}

void WebHost::sleep_for(Nanoseconds duration) {
    const Nanoseconds end = now() + duration;
    for (Nanoseconds left = duration; left > 0; left = end - now()) block_for(left);
}

Result<Nothing> WebHost::wait_for(const Wait& wait, std::uint64_t) {
    const std::string& reason = capabilities_.no_wait[static_cast<std::size_t>(wait.kind)];
    if (!reason.empty()) return Error{"", reason, ""};
    if (wait.kind == WaitKind::http) return judge_answer(gil_request(url_for(wait.duration).c_str()));
    sleep_for(wait.duration);
    return Nothing{};
}

void WebHost::call_after(Nanoseconds delay, std::function<void()> then) {
    const int id = next_id_++;
    timers_.emplace(id, std::move(then));
    gil_call_after(id, to_ms(std::max<Nanoseconds>(delay, 0)));
}

void WebHost::wait_async(const Wait& wait, std::uint64_t, std::function<void(Result<Nothing>)> then) {
    const std::string& reason = capabilities_.no_wait[static_cast<std::size_t>(wait.kind)];
    if (!reason.empty()) {
        answer_later(std::move(then), Error{"", reason, ""});
    } else if (wait.kind == WaitKind::http) {
        gil_request_async(url_for(wait.duration).c_str(), remember(std::move(then)));
    } else {
        call_after(wait.duration, [then = std::move(then)] { then(Nothing{}); });
    }
}

void WebHost::prepare_threads(int count, std::function<void(Result<Nothing>)> then) {
    if (!built_with_threads() || count > capabilities_.max_threads) {
        const std::string reason = built_with_threads()
                                       ? "at most " + std::to_string(capabilities_.max_threads) + " threads here"
                                       : capabilities_.no_threads;
        answer_later(std::move(then), Error{"", reason, ""});
        return;
    }
    request_threads(count, remember(std::move(then)));
}

void WebHost::prepare_processes(StartMethod method, int count, int threads, std::function<void(Result<Nothing>)> then) {
    if (const std::string refused = why_no_start(method, threads); !refused.empty()) {
        answer_later(std::move(then), Error{"", refused, ""});
        return;
    }
    const int kept = method == StartMethod::forkserver ? 1 : 0;
    gil_prepare_processes(kept, std::min(count, capabilities_.max_processes), threads, remember(std::move(then)));
}

std::unique_ptr<ChildProcess> WebHost::start_process(const ChildOptions& options, ChildListener listener) {
    const int id = next_id_++;
    children_.emplace(id, std::make_shared<ChildListener>(std::move(listener)));
    if (std::string refused = why_no_start(options.method, options.threads); !refused.empty()) {
        call_after(0, [this, id, refused = std::move(refused)] { on_child_end(id, false, refused); });
        return std::make_unique<Child>(*this, id);
    }
    std::vector<int> blocks;
    for (const auto& block : options.blocks) {
        const auto* memory = static_cast<const WebBlock*>(block.get()); // there are no others here
        blocks.push_back(memory != nullptr ? memory->handle() : 0);
    }
    const int kept = options.method == StartMethod::forkserver ? 1 : 0;
    gil_start_child(id, kept, options.threads, blocks.data(), blocks.size());
    if (options.patience > 0) {
        call_after(options.patience, [this, id, patience = options.patience] {
            if (!children_.contains(id)) return;
            gil_end_child(id);
            on_child_end(id, true, lost_words(patience));
        });
    }
    return std::make_unique<Child>(*this, id);
}

Result<std::shared_ptr<SharedBlock>> WebHost::create_shared_block(std::size_t bytes) {
    if (!capabilities_.no_shared_blocks.empty()) return Error{"", capabilities_.no_shared_blocks, ""};
    return WebBlock::create(bytes);
}

std::shared_ptr<SharedBlock> WebHost::shared_block(std::size_t index) {
    return index < blocks_.size() ? blocks_[index] : nullptr;
}

void WebHost::give_blocks(std::span<const int> handles) {
    blocks_.clear();
    for (const int handle : handles) blocks_.push_back(WebBlock::adopt(handle));
}

void WebHost::write_astray() {
    // Beyond any memory that the modules may grow to.
    *reinterpret_cast<volatile std::uint32_t*>(0xffff'fff0) = 1;
    __builtin_trap();
}

void WebHost::on_timer(int id) {
    auto node = timers_.extract(id);
    if (!node.empty()) node.mapped()();
}

void WebHost::on_prepared(int id, std::string problem) {
    if (problem.empty())
        answer(id, Nothing{});
    else
        answer(id, Error{"", std::move(problem), ""});
}

void WebHost::on_answer(int id, int status) {
    answer(id, judge_answer(status));
}

void WebHost::on_child_message(int child, std::span<const std::uint8_t> message) {
    const auto found = children_.find(child);
    if (found == children_.end()) return;
    const std::shared_ptr<ChildListener> listener = found->second;
    if (listener->on_message) listener->on_message({message.begin(), message.end()});
}

void WebHost::on_child_end(int child, bool up, std::string words) {
    const auto node = children_.extract(child);
    if (node.empty() || !node.mapped()->on_end) return;
    ProcessEnd end;
    end.exit_code.reset();
    if (!words.empty()) {
        end.started = up;
        end.words = (up ? "stopped: " : "could not be started: ") + words;
    }
    node.mapped()->on_end(end);
}

std::string WebHost::why_no_start(StartMethod method, int threads) const {
    const std::string& refused = capabilities_.no_start_method[static_cast<std::size_t>(method)];
    return refused.empty() && threads > 0 ? capabilities_.no_process_threads : refused;
}

int WebHost::remember(std::function<void(Result<Nothing>)> then) {
    const int id = next_id_++;
    answers_.emplace(id, std::move(then));
    return id;
}

void WebHost::answer(int id, const Result<Nothing>& result) {
    auto node = answers_.extract(id);
    if (!node.empty()) node.mapped()(result);
}

std::string WebHost::url_for(Nanoseconds delay) {
    char query[64] = "";
    // A number of its own: browsers let equal requests wait for each other.
    std::snprintf(query, sizeof query, "?ms=%.6g&request=%u", to_ms(delay), ++requests_);
    return delay_url_ + query;
}

void WebHost::answer_later(std::function<void(Result<Nothing>)> then, Result<Nothing> result) {
    call_after(0, [then = std::move(then), result = std::move(result)] { then(result); });
}

} // namespace gil::web
