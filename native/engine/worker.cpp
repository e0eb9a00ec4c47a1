#include "native/engine/worker.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/measure/child_program.h"
#include "native/base/failure.h"
#include "native/base/frame.h"
#include "native/base/posix.h"
#include "native/engine/native_host.h"
#include "native/engine/shared_memory.h"

namespace gil::native {

namespace {

std::vector<std::shared_ptr<SharedBlock>> adopt_blocks(int socket) {
    std::vector<std::shared_ptr<SharedBlock>> blocks;
    auto fds = receive_descriptors(socket);
    if (!fds) ::_exit(1);
    for (UniqueFd& fd : *fds) {
        std::shared_ptr<SharedBlock> block;
        if (fd.valid()) {
            auto memory = SharedMemory::adopt(std::move(fd));
            if (memory) block = std::move(memory.value());
        }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

/// A small message as one piece, so that it wakes the engine once; a large one is not copied.
void send_message(int socket, const Bytes& message) {
    constexpr std::size_t small = 16 << 10;
    if (message.size() <= small) {
        if (!write_all(socket, make_frame(message))) ::_exit(1);
        return;
    }
    const auto header = frame_header(message.size());
    if (!write_all(socket, header) || !write_all(socket, message)) ::_exit(1);
}

/// noexcept: an exception must not leave it for the stack of whoever forked us.
[[noreturn]] void work(int socket, int delay_port) noexcept {
    ::prctl(PR_SET_NAME, "gil-worker");
    // A task that ends its process on purpose leaves no dump behind.
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    keep_memory();
    fail_by_status();
    std::signal(SIGXFSZ, SIG_IGN);
    NativeHost host(NativeHost::Options{.executable = "", .delay_port = delay_port}, nullptr);
    host.give_blocks(adopt_blocks(socket));

    ChildProgram program(
        host, [socket](const Bytes& message) { send_message(socket, message); }, [] { ::_exit(0); });
    FrameReader reader;
    host.loop().watch(socket, POLLIN, [&](short) {
        FrameReader::Status status = reader.read_from_socket(socket, false);
        for (;;) {
            while (auto message = reader.next()) program.receive(std::move(*message));
            if (status != FrameReader::Status::more) break;
            // A call less for every message than polling and reading.
            if (!host.loop().waits_only_for(socket)) return;
            status = reader.read_from_socket(socket, true);
        }
        host.loop().unwatch(socket);
        if (status == FrameReader::Status::garbage) ::_exit(1);
        program.closed();
    });
    host.loop().run();
    ::_exit(1);
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

} // namespace gil::native
