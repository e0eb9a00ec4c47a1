#include "native/engine/engine_main.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/engine/engine.h"
#include "core/engine/protocol.h"
#include "native/base/failure.h"
#include "native/base/frame.h"
#include "native/base/posix.h"
#include "native/engine/native_host.h"
#include "native/engine/worker.h"

namespace gil::native {

namespace {

/// Blocks while the socket is full: the front end always reads. When it has gone there is nobody left to work for.
void send_event(int socket, const Json& event) {
    std::vector<std::uint8_t> bytes = to_bytes(event);
    if (bytes.size() > max_frame_bytes) {
        const int id = event.value("id", 0);
        bytes = to_bytes(to_json(Event(FailedEvent{id, "the result is larger than 64 MiB"})));
    }
    if (!write_all(socket, make_frame(bytes))) ::_exit(0);
}

void receive_requests(int socket, FrameReader& reader, Engine& engine, EventLoop& loop) {
    const FrameReader::Status status = reader.read_from(socket);
    while (const auto frame = reader.next()) {
        const auto message = from_bytes(*frame);
        if (message) {
            engine.receive(message.value());
        } else {
            send_event(socket, to_json(Event(FailedEvent{0, "the engine was sent " + message.error().line()})));
        }
    }
    if (status != FrameReader::Status::more) loop.stop();
}

} // namespace

int run_engine(int socket, int delay_port) {
    keep_memory();
    fail_by_status();
    std::signal(SIGXFSZ, SIG_IGN);
    ::prctl(PR_SET_NAME, "gil-engine");
    // The descriptor came through an exec; the workers' exec must not pass it on.
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    if (!set_nonblocking(socket)) return 1;
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);

    const Limits limits = limits_from_environment();
    auto forkserver = Forkserver::start(delay_port, forkserver_patience(limits));
    NativeHost host(NativeHost::Options{.delay_port = delay_port, .limits = limits},
                    forkserver ? std::move(forkserver.value()) : nullptr);
    Engine engine(host, [socket](const Json& event) { send_event(socket, event); });
    FrameReader reader;
    host.loop().watch(socket, POLLIN, [&](short) { receive_requests(socket, reader, engine, host.loop()); });
    host.loop().run();
    return 0;
}

std::optional<int> run_hidden_command(int argc, char** argv) {
    if (argc < 2) return std::nullopt;
    const std::string_view command = argv[1];
    if (command == "--process-worker" && argc == 3) run_spawned_worker(std::atoi(argv[2]));
    if (command == "--engine-fd" && argc == 4) {
        const int socket = std::atoi(argv[2]);
        die_with_parent(peer_pid(socket));
        reset_signals();
        return run_engine(socket, std::atoi(argv[3]));
    }
    return std::nullopt;
}

} // namespace gil::native
