#include "tests/native/terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace gil::native::test {

OnTerminal::OnTerminal(const std::string& path, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    int master = -1;
    pid_ = ::forkpty(&master, nullptr, nullptr, nullptr);
    if (pid_ == 0) {
        ::execv(path.c_str(), pointers.data());
        ::_exit(99);
    }
    master_.reset(master);
}

OnTerminal::~OnTerminal() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait_for_exit(pid_);
}

void OnTerminal::type(const std::string& text) {
    (void)!::write(master_.get(), text.data(), text.size());
}

std::string OnTerminal::until(const std::string& words) {
    std::string said;
    while (said.find(words) == std::string::npos) {
        pollfd polled{master_.get(), POLLIN, 0};
        std::array<char, 4'096> piece;
        if (::poll(&polled, 1, 20'000) <= 0) return said + " [and then nothing]";
        const ssize_t got = ::read(master_.get(), piece.data(), piece.size());
        if (got <= 0) return said;
        said.append(piece.data(), static_cast<std::size_t>(got));
    }
    return said;
}

int OnTerminal::finish(std::string& said) {
    said = until("\x01 it never says this");
    const int status = wait_for_exit(std::exchange(pid_, -1));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace gil::native::test
