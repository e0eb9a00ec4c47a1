#include "web/engine/web_host.h"

#include <algorithm>
#include <utility>

#include "web/engine/threads.h"

extern "C" {
// library_engine.js.

/// Milliseconds since `base`, itself milliseconds since 1970. Any thread.
double gil_clock_ms(double base);
/// Calls gil_on_timer(id) from the event loop after at least `ms`.
void gil_call_after(int id, double ms);
/// Keeps `count` warmed-up Workers ready (kept != 0) or only compiles the module; then gil_on_prepared(id, ...).
void gil_prepare_processes(int kept, int count, int id);
/// Hands one job to a Worker: a kept one, or a fresh one. Answers by gil_on_process_outcome or gil_on_process_failed;
/// the latter also when there is no answer after `limit_ms`.
void gil_start_process(int run, int index, int kept, const std::uint8_t* bytes, std::size_t size, double limit_ms);
/// Ends the Workers of this run that have not answered.
void gil_end_processes(int run);
}

namespace gil::web {
namespace {

const char* const http_missing = "real HTTP requests are measured by the native program; here the wait is a timer";

/// How long all jobs of a run may take before they count as hung: they may share one core with everything else.
double time_limit_ms(const std::vector<ProcessJob>& jobs) {
    Nanoseconds total = 0;
    for (const ProcessJob& job : jobs)
        for (const Task& task : job.tasks)
            for (const Step& step : task.steps) total += duration_of(step);
    return 30'000.0 + 4.0 * to_ms(total);
}

} // namespace

WebHost::WebHost(double clock_base, Capabilities capabilities)
    : clock_base_(clock_base), capabilities_(std::move(capabilities)) {}

Nanoseconds WebHost::now() const {
    return from_ms(gil_clock_ms(clock_base_));
}

void WebHost::sleep_for(Nanoseconds duration) {
    const Nanoseconds end = now() + duration;
    for (Nanoseconds left = duration; left > 0; left = end - now()) block_for(left);
}

Result<Nothing> WebHost::http_wait(Nanoseconds) {
    return Error{"", http_missing, ""};
}

void WebHost::call_after(Nanoseconds delay, std::function<void()> then) {
    const int id = next_id_++;
    timers_.emplace(id, std::move(then));
    gil_call_after(id, to_ms(std::max<Nanoseconds>(delay, 0)));
}

void WebHost::http_wait_async(Nanoseconds, std::function<void(Result<Nothing>)> then) {
    answer_later(std::move(then), Error{"", http_missing, ""});
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

void WebHost::prepare_processes(StartMethod method, int count, std::function<void(Result<Nothing>)> then) {
    const std::string& refused = capabilities_.no_start_method[static_cast<std::size_t>(method)];
    if (!refused.empty()) {
        answer_later(std::move(then), Error{"start_method", refused, "forkserver, spawn"});
        return;
    }
    const int kept = method == StartMethod::forkserver ? 1 : 0;
    gil_prepare_processes(kept, std::min(count, capabilities_.max_processes), remember(std::move(then)));
}

void WebHost::run_processes(StartMethod method, std::vector<ProcessJob> jobs,
                            std::function<void(Result<std::vector<ProcessOutcome>>)> then) {
    const std::string& refused = capabilities_.no_start_method[static_cast<std::size_t>(method)];
    std::optional<Error> problem;
    if (!refused.empty()) {
        problem = Error{"start_method", refused, "forkserver, spawn"};
    } else if (jobs.size() > static_cast<std::size_t>(capabilities_.max_processes)) {
        problem = Error{"workers", std::to_string(jobs.size()) + " processes are too many for a page",
                        "1 to " + std::to_string(capabilities_.max_processes)};
    }
    if (problem) {
        call_after(0, [then = std::move(then), error = std::move(*problem)] { then(error); });
        return;
    }
    if (jobs.empty()) {
        call_after(0, [then = std::move(then)] { then(std::vector<ProcessOutcome>{}); });
        return;
    }
    const int run = next_id_++;
    ProcessRun& state = runs_[run];
    state.outcomes.resize(jobs.size());
    state.missing = jobs.size();
    state.then = std::move(then);
    const double limit = time_limit_ms(jobs);
    const int kept = method == StartMethod::forkserver ? 1 : 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const std::vector<std::uint8_t> bytes = encode(jobs[i]);
        gil_start_process(run, static_cast<int>(i), kept, bytes.data(), bytes.size(), limit);
    }
}

void WebHost::on_timer(int id) {
    auto node = timers_.extract(id);
    if (!node.empty()) node.mapped()();
}

void WebHost::on_prepared(int id, std::string problem) {
    auto node = preparations_.extract(id);
    if (node.empty()) return;
    if (problem.empty())
        node.mapped()(Nothing{});
    else
        node.mapped()(Error{"", std::move(problem), ""});
}

void WebHost::on_process_outcome(int run, int index, std::span<const std::uint8_t> bytes) {
    const auto found = runs_.find(run);
    if (found == runs_.end()) return;
    Result<ProcessOutcome> outcome = decode_process_outcome(bytes);
    if (!outcome) {
        on_process_failed(run, index, outcome.error().line());
        return;
    }
    ProcessRun& state = found->second;
    std::optional<ProcessOutcome>& place = state.outcomes[static_cast<std::size_t>(index)];
    if (place) return;
    place = std::move(outcome.value());
    if (--state.missing > 0) return;
    const auto node = runs_.extract(found);
    std::vector<ProcessOutcome> outcomes;
    for (std::optional<ProcessOutcome>& each : node.mapped().outcomes) outcomes.push_back(std::move(*each));
    node.mapped().then(std::move(outcomes));
}

void WebHost::on_process_failed(int run, int index, std::string problem) {
    auto node = runs_.extract(run);
    if (node.empty()) return;
    gil_end_processes(run);
    node.mapped().then(Error{"", "process " + std::to_string(index + 1) + ": " + problem, ""});
}

int WebHost::remember(std::function<void(Result<Nothing>)> then) {
    const int id = next_id_++;
    preparations_.emplace(id, std::move(then));
    return id;
}

void WebHost::answer_later(std::function<void(Result<Nothing>)> then, Result<Nothing> result) {
    call_after(0, [then = std::move(then), result = std::move(result)] { then(result); });
}

} // namespace gil::web
