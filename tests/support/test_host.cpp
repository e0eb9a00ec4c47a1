#include "tests/support/test_host.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace gil::test {

TestHost::TestHost() {
    capabilities_.engine = "test host";
    capabilities_.hardware_concurrency = 2;
}

Nanoseconds TestHost::now() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

void TestHost::sleep_for(Nanoseconds duration) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(duration));
}

Result<Nothing> TestHost::http_wait(Nanoseconds duration) {
    sleep_for(duration);
    if (!http_error.empty()) return Error{"http", http_error, {}};
    return Nothing{};
}

void TestHost::call_after(Nanoseconds delay, std::function<void()> then) {
    timers_.push_back({now() + delay, order_++, std::move(then)});
}

void TestHost::http_wait_async(Nanoseconds duration, std::function<void(Result<Nothing>)> then) {
    call_after(duration, [this, then = std::move(then)] {
        if (http_error.empty()) {
            then(Nothing{});
        } else {
            then(Error{"http", http_error, {}});
        }
    });
}

void TestHost::prepare_threads(int, std::function<void(Result<Nothing>)> then) {
    call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

void TestHost::prepare_processes(StartMethod, int, std::function<void(Result<Nothing>)> then) {
    call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

void TestHost::run_processes(StartMethod, std::vector<ProcessJob> jobs,
                             std::function<void(Result<std::vector<ProcessOutcome>>)> then) {
    if (!process_error.empty()) {
        call_after(0, [this, then = std::move(then)] { then(Error{"process 2", process_error, {}}); });
        return;
    }
    std::vector<std::vector<std::uint8_t>> answers(jobs.size());
    std::vector<std::thread> children;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        children.emplace_back([bytes = encode(jobs[i]), &answer = answers[i]] {
            TestHost child;
            auto job = decode_process_job(bytes);
            if (!job) return;
            run_process_job(child, std::move(job.value()), [&answer](Result<ProcessOutcome> outcome) {
                if (outcome) answer = encode(outcome.value());
            });
            child.run_loop();
        });
    }
    for (std::thread& child : children) child.join();
    std::vector<ProcessOutcome> outcomes;
    for (const auto& bytes : answers) {
        auto outcome = decode_process_outcome(bytes);
        if (!outcome) {
            then(outcome.error());
            return;
        }
        outcomes.push_back(std::move(outcome.value()));
    }
    then(std::move(outcomes));
}

bool TestHost::run_loop(Nanoseconds limit) {
    const Nanoseconds until = now() + limit;
    while (!timers_.empty()) {
        const auto first = std::min_element(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) {
            return a.due != b.due ? a.due < b.due : a.order < b.order;
        });
        if (first->due > until) return false;
        sleep_for(std::max<Nanoseconds>(0, first->due - now()));
        auto then = std::move(first->then);
        timers_.erase(first);
        then();
    }
    return true;
}

KernelSpeeds test_speeds(double turns_per_ms) {
    KernelSpeeds speeds;
    for (KernelSpeed& speed : speeds) speed.ns_per_turn = 1e6 / turns_per_ms;
    return speeds;
}

Scenario test_scenario(ExecutionModel model, int workers, int count, std::vector<Step> steps) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = workers;
    for (int i = 0; i < count; ++i) scenario.tasks.push_back({"task " + std::to_string(i + 1), steps});
    return scenario;
}

} // namespace gil::test
