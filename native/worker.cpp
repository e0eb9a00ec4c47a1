#include "native/worker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "native/frame.h"
#include "native/native_host.h"
#include "native/posix.h"

namespace gil::native {

namespace {

std::vector<std::uint8_t> encode_answer(const Result<ProcessOutcome>& result) {
    std::vector<std::uint8_t> payload;
    if (result) {
        payload = encode(result.value());
        payload.insert(payload.begin(), static_cast<std::uint8_t>(WorkerAnswer::outcome));
    } else {
        const std::string line = result.error().line();
        payload.push_back(static_cast<std::uint8_t>(WorkerAnswer::error));
        payload.insert(payload.end(), line.begin(), line.end());
    }
    return payload;
}

[[noreturn]] void work(int socket, int delay_port) {
    ::prctl(PR_SET_NAME, "gil-worker");
    const auto bytes = read_frame(socket);
    if (!bytes) ::_exit(1);

    NativeHost host(NativeHost::Options{.executable = "", .delay_port = delay_port}, nullptr);
    Result<ProcessOutcome> answer = Error{"", "the job never ended", ""};
    bool done = false;
    auto job = decode_process_job(bytes.value());
    if (job) {
        run_process_job(host, std::move(job.value()), [&](Result<ProcessOutcome> result) {
            answer = std::move(result);
            done = true;
            host.loop().stop();
        });
        // run() forgets an earlier stop(): a job that was done at once must not get there.
        if (!done) host.loop().run();
    } else {
        answer = job.error();
    }
    std::vector<std::uint8_t> payload = encode_answer(answer);
    if (payload.size() > max_frame_bytes) payload = encode_answer(Error{"", "the outcome is larger than 64 MiB", ""});
    ::_exit(write_all(socket, make_frame(payload)) ? 0 : 1);
}

} // namespace

void run_forked_worker(int socket, pid_t parent, int delay_port) {
    die_with_parent(parent);
    reset_signals();
    close_all_but(std::array{socket});
    work(socket, delay_port);
}

void run_spawned_worker(int delay_port) {
    die_with_parent(peer_pid(STDIN_FILENO));
    reset_signals();
    close_all_but({});
    work(STDIN_FILENO, delay_port);
}

Result<ProcessOutcome> decode_answer(std::span<const std::uint8_t> payload) {
    if (payload.empty()) return Error{"", "an empty answer", ""};
    const auto body = payload.subspan(1);
    if (payload[0] == static_cast<std::uint8_t>(WorkerAnswer::outcome)) return decode_process_outcome(body);
    return Error{"", std::string(body.begin(), body.end()), ""};
}

} // namespace gil::native
