#include "tests/native/site/served_site.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "native/base/posix.h"
#include "tests/native/support.h"

namespace gil::native::test {

namespace {

void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

[[noreturn]] void become_server(const ServedSite::Options& options, std::vector<std::string>& arguments, int out) {
    for (const int number : options.ignored) ::signal(number, SIG_IGN);
    if (options.descriptors != 0) {
        const rlimit limit{options.descriptors, options.descriptors};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ::dup2(out, STDOUT_FILENO);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    ::execv(gilplay.c_str(), words.data());
    ::_exit(99);
}

} // namespace

ServedSite::ServedSite(const Options& options) : ServedSite(Nobody{}) {
    std::string folder = "/tmp/gilplay-site-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    std::filesystem::create_directories(root() + "/sub");
    write_file(root() + "/index.html", "<!doctype html><title>a page</title>");
    write_file(root() + "/sub/index.html", "<!doctype html><title>a folder</title>");
    write_file(root() + "/a.txt", "plain");
    write_file(root() + "/a.txt.br", "packed");
    write_file(root() + "/large.wasm", std::string(4 << 20, 'w'));

    std::vector<std::string> arguments{gilplay, "serve", "--site", root()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    const UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) become_server(options, arguments, out.get());
    out.reset();
    std::string address;
    for (char c = 0; ::read(in.get(), &c, 1) == 1 && c != '\n';) address += c;
    const std::size_t colon = address.find(':', address.find(':') + 1);
    REQUIRE(colon != std::string::npos);
    port_ = std::atoi(address.c_str() + colon + 1);
}

ServedSite::~ServedSite() {
    if (pid_ > 0 && !ended_by(SIGTERM, 5 * second)) (void)ended_by(SIGKILL, 5 * second);
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::optional<int> ServedSite::ended_by(int signal, Nanoseconds patience) {
    ::kill(pid_, signal);
    int status = 0;
    if (!eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }, patience)) return std::nullopt;
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool ServedSite::is_running() const {
    return ::waitpid(pid_, nullptr, WNOHANG) == 0;
}

long ServedSite::memory(const std::string& name) const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
    for (std::string word; file >> word;) {
        long value = 0;
        if (word == name && file >> value) return value;
    }
    return 0;
}

} // namespace gil::native::test
