// Files that the command line reads and writes: whole or not at all, and never waited for.
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "native/base/posix.h"
#include "native/cli/files.h"
#include "tests/native/ordinary_user.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

class OutFolder {
  public:
    OutFolder() {
        path_ = std::filesystem::temp_directory_path() / "gilplay-files-XXXXXX";
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
    }
    ~OutFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    OutFolder(const OutFolder&) = delete;
    OutFolder& operator=(const OutFolder&) = delete;

    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }
    /// The names in it.
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) names.insert(entry.path().filename());
        return names;
    }

  private:
    std::string path_;
};

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::string& path, std::string_view text) {
    std::ofstream(path) << text;
}

/// Opens and writes; the first error, or empty.
std::string written(const std::string& path, std::string_view text) {
    auto file = OutFile::open("--out", path);
    if (!file) return file.error().line();
    const auto done = file.value().write(text);
    return done ? "" : done.error().line();
}

mode_t mode_of(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

Finished in_shell(const std::string& line) {
    return run_program("/bin/bash", {"-c", line});
}

/// One line and this status.
void check_told(const Finished& finished, int status, const std::string& words) {
    CAPTURE(finished.err, finished.out.substr(0, 200));
    CHECK(finished.status == status);
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
    CHECK(finished.err.starts_with("gilplay: "));
    CHECK(finished.err.find(words) != std::string::npos);
}

} // namespace

TEST_CASE("OutFile.nothing is there before there is something to write", "[native][files]") {
    const OutFolder folder;
    {
        auto file = OutFile::open("--out", folder / "new");
        REQUIRE(file);
        CHECK(folder.names().empty());
        CHECK(file.value().write("content"));
        CHECK(text_of(folder / "new") == "content");
    }
    CHECK(folder.names() == std::set<std::string>{"new"});
    const mode_t mask = ::umask(0);
    ::umask(mask);
    CHECK(mode_of(folder / "new") == (0666 & ~mask));
    (void)OutFile::open("--out", folder / "never").ok();
    CHECK(folder.names() == std::set<std::string>{"new"});
}

TEST_CASE("OutFile.an old file stays as it is until the new one takes its place, with its permissions",
          "[native][files]") {
    const OutFolder folder;
    put(folder / "old", "a long old content");
    ::chmod((folder / "old").c_str(), 0604);
    {
        auto file = OutFile::open("--out", folder / "old");
        REQUIRE(file);
        CHECK(text_of(folder / "old") == "a long old content");
    }
    CHECK(text_of(folder / "old") == "a long old content");
    CHECK(written(folder / "old", "new").empty());
    CHECK(text_of(folder / "old") == "new");
    CHECK(mode_of(folder / "old") == 0604);
    CHECK(folder.names() == std::set<std::string>{"old"});
}

TEST_CASE("OutFile.a link keeps being one, and files with two names stay one file", "[native][files]") {
    const OutFolder folder;
    ::mkdir((folder / "elsewhere").c_str(), 0700);
    put(folder / "elsewhere/target", "old");
    std::filesystem::create_symlink("elsewhere/target", folder / "link");
    std::filesystem::create_symlink("elsewhere/missing", folder / "dangling");
    for (const char* name : {"link", "dangling"}) {
        CAPTURE(name);
        CHECK(written(folder / name, "new").empty());
        CHECK(std::filesystem::is_symlink(folder / name));
        CHECK(text_of(folder / name) == "new");
    }
    CHECK(text_of(folder / "elsewhere/target") == "new");
    CHECK(text_of(folder / "elsewhere/missing") == "new");
    std::filesystem::create_symlink("elsewhere/none", folder / "unused");
    (void)OutFile::open("--out", folder / "unused").ok();
    CHECK_FALSE(std::filesystem::exists(folder / "elsewhere/none"));

    put(folder / "one", "a long old content");
    std::filesystem::create_hard_link(folder / "one", folder / "two");
    CHECK(written(folder / "one", "new").empty());
    CHECK(text_of(folder / "two") == "new");
}

TEST_CASE("OutFile.a bad path is known before there is anything to write", "[native][files]") {
    const OutFolder folder;
    for (const std::string& bad : {std::string(), std::string("/"), folder.path(), folder.path() + "/",
                                   folder / "no/such", folder / "no/", std::string("/proc/nothing")}) {
        CAPTURE(bad);
        CHECK_FALSE(OutFile::open("--out", bad));
    }
    std::filesystem::create_symlink("loop", folder / "loop");
    CHECK(OutFile::open("--out", folder / "loop").error().what == errno_text(ELOOP));
    ::mkfifo((folder / "fifo").c_str(), 0600);
    CHECK(OutFile::open("--out", folder / "fifo").error().what == "nobody reads this pipe");
}

TEST_CASE("OutFile.what is no regular file is written as it is", "[native][files]") {
    const OutFolder folder;
    CHECK(written("/dev/null", "content").empty());
    CHECK(written("/dev/full", "content").ends_with("cannot be written: No space left on device"));
    ::mkfifo((folder / "fifo").c_str(), 0600);
    const UniqueFd reader(::open((folder / "fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    CHECK(written(folder / "fifo", "content").empty());
    std::array<char, 20> got{};
    CHECK(::read(reader.get(), got.data(), got.size()) == 7);
    CHECK(S_ISFIFO(std::filesystem::is_fifo(folder / "fifo") ? S_IFIFO : 0));
}

TEST_CASE("OutFile.our own standard output is written into, not replaced", "[native][files]") {
    const TimeLimit limit(60);
    const OutFolder folder;
    for (const std::string& name : {std::string("/dev/stdout"), std::string("/dev/fd/1"), folder / "out"}) {
        CAPTURE(name);
        const Finished finished =
            in_shell(gilplay + " simulate cpu-bound --trace " + name + " --csv > " + (folder / "out"));
        CHECK(finished.status == 0);
        const std::string text = text_of(folder / "out");
        // First the whole trace, then the table.
        const std::size_t table = text.find("\nname,");
        REQUIRE(table != std::string::npos);
        CHECK(parse_json(text.substr(0, table), "trace").ok());
    }
    CHECK(in_shell(gilplay + " simulate cpu-bound --trace >(cat > " + (folder / "piped") + ") > /dev/null; wait $!")
              .status == 0);
    CHECK(eventually([&] { return parse_json(text_of(folder / "piped"), "trace").ok(); }));
}

TEST_CASE("OutFile.a full disk says so, and the old file is still there", "[native][files]") {
    const TimeLimit limit(60);
    const OutFolder folder;
    put(folder / "old", "precious");
    put(folder / "first", "precious");
    std::filesystem::create_hard_link(folder / "first", folder / "second");
    for (const char* name : {"old", "new", "first"}) {
        check_told(
            in_shell("ulimit -f 1; exec " + gilplay + " simulate cpu-bound --set tasks=64 --trace " + (folder / name)),
            1, "cannot be written: File too large");
    }
    CHECK(text_of(folder / "old") == "precious");
    CHECK(text_of(folder / "second") == "precious");
    CHECK(folder.names() == std::set<std::string>{"old", "first", "second"});
}

TEST_CASE("OutFile.a file system that is full says so, and the old file is still there", "[native][files]") {
    const TimeLimit limit(60);
    if (::geteuid() != 0) SKIP("only root can mount a small file system");
    const OutFolder folder;
    const std::string mount = "mount -t tmpfs -o size=64k tmpfs " + folder.path();
    if (in_shell("unshare --mount true").status != 0) SKIP("no name space for a small file system");
    const Finished finished =
        in_shell("exec unshare --mount /bin/bash -c '" + mount + " || exit 99; echo precious > " + (folder / "t") +
                 "; " + gilplay + " simulate cpu-bound --set tasks=64 --trace " + (folder / "t") +
                 " > /dev/null; echo $?; cat " + (folder / "t") + "; ls -A " + folder.path() + "'");
    if (finished.status == 99) SKIP("a small file system cannot be mounted");
    check_told({1, "", finished.err}, 1, "/t: cannot be written: No space left on device");
    CHECK(finished.out == "1\nprecious\nt\n");
}

TEST_CASE("OutFile.where files without a name cannot be had the file is whole or not there all the same",
          "[native][files]") {
    const TimeLimit limit(60);
    if (::geteuid() != 0) SKIP("only root can hide /proc");
    if (is_sanitized) SKIP("sanitizers need /proc, and say so");
    const OutFolder folder;
    const auto without_proc = [](const std::string& line) {
        return in_shell("exec unshare --mount /bin/bash -c 'mount -t tmpfs tmpfs /proc || exit 99; " + line + "'");
    };
    const std::string simulate = gilplay + " simulate cpu-bound --csv --set tasks=64 --trace ";
    if (without_proc("true").status != 0) SKIP("/proc cannot be hidden");
    check_told(without_proc("ulimit -f 1; exec " + simulate + (folder / "new")), 1,
               "cannot be written: File too large");
    CHECK(folder.names().empty());
    CHECK(without_proc("exec " + simulate + (folder / "new")).status == 0);
    CHECK(folder.names() == std::set<std::string>{"new"});
    CHECK(parse_json(text_of(folder / "new"), "trace").ok());
    check_told(without_proc("ulimit -f 1; exec " + simulate + (folder / "new")), 1,
               "cannot be written: File too large");
    CHECK(parse_json(text_of(folder / "new"), "trace").ok());
    check_told(without_proc("exec " + simulate + (folder / "no/such")), 2, "No such file or directory");
}

TEST_CASE("OutFile.a file that something is mounted on is written in place", "[native][files]") {
    const TimeLimit limit(60);
    if (::geteuid() != 0) SKIP("only root can mount");
    const OutFolder folder;
    put(folder / "inside", "a long old content");
    put(folder / "mounted", "a long old content");
    const std::string mount = "mount --bind " + (folder / "inside") + " " + (folder / "mounted");
    const Finished finished = in_shell("exec unshare --mount /bin/bash -c '" + mount + " || exit 99; exec " + gilplay +
                                       " simulate cpu-bound --csv --trace " + (folder / "mounted") + "'");
    if (finished.status == 99 || finished.err.find("unshare") != std::string::npos) SKIP("nothing can be mounted");
    CAPTURE(finished.err);
    CHECK(finished.status == 0);
    CHECK(parse_json(text_of(folder / "inside"), "trace").ok());
    CHECK(text_of(folder / "mounted") == "a long old content");
    CHECK(folder.names() == std::set<std::string>{"inside", "mounted"});
}

TEST_CASE("OutFile.a run that is interrupted or killed leaves the old file and nothing else", "[native][files]") {
    const TimeLimit limit(120);
    const OutFolder folder;
    put(folder / "old", "precious");
    put(folder / "long.json", R"({"model": "threads", "workers": 64, "interpreter": {"switch_interval_ms": 0.001},)"
                              R"( "tasks": [{"count": 1000, "steps": [{"compute": {"ms": 60000}}]}]})");
    for (const int signal : {SIGINT, SIGKILL}) {
        for (const char* name : {"old", "new"}) {
            const pid_t child = start_gilplay({"run", "cpu-bound", "--repeats", "100", "--trace", folder / name});
            // Its engine is started after the file was opened.
            CHECK(eventually([&] { return !children_of(child).empty(); }));
            ::kill(child, signal);
            (void)wait_for_exit(child);
        }
        const pid_t child = start_gilplay({"scenario", folder / "long.json", "--simulate", "--trace", folder / "new"});
        ::usleep(100'000);
        ::kill(child, signal);
        (void)wait_for_exit(child);
    }
    CHECK(folder.names() == std::set<std::string>{"long.json", "old"});
    CHECK(text_of(folder / "old") == "precious");
}

TEST_CASE("OutFile.of an ordinary user: what may not be written is refused, what can only be written in place is",
          "[native][files]") {
    const TimeLimit limit(60);
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    const std::string folder = user.folder() + "/files";
    const auto run = [&](const std::string& before, const std::string& name) {
        return user.run("mkdir -p " + folder + " && chmod 700 " + folder + " && cd " + folder + "\n" + before,
                        "simulate cpu-bound --csv --trace " + name);
    };
    check_told(run("echo old > locked; chmod 400 locked", "locked"), 2, "locked: Permission denied");
    CHECK(text_of(folder + "/locked") == "old\n");
    check_told(run("chmod 500 .", "new"), 2, "new: Permission denied");
    CHECK(run("echo old > kept; chmod 600 kept; chmod 500 .", "kept").status == 0);
    CHECK(parse_json(text_of(folder + "/kept"), "trace").ok());
}

TEST_CASE("command line: standard output that is full is status 1 and one line, of every command", "[native][files]") {
    const TimeLimit limit(200);
    for (const char* words :
         {"--help", "--version", "list", "list --json", "run --help", "simulate cpu-bound", "simulate cpu-bound --json",
          "simulate cpu-bound --csv", "decide", "decide --tree", "decide --json", "manual", "completion bash",
          "completion zsh", "completion fish", "python cpu-bound --print",
          "run cpu-bound --repeats 1 --set tasks=1 --set work_ms=1 --variants sequential --json"}) {
        CAPTURE(words);
        check_told(in_shell("exec " + gilplay + " " + words + " > /dev/full"), 1,
                   "standard output: cannot be written: No space left on device");
    }
    const OutFolder folder;
    put(folder / "index.html", "hello");
    const std::string port = std::to_string(20'000 + ::getpid() % 20'000);
    check_told(in_shell("exec " + gilplay + " serve --port " + port + " --site " + folder.path() + " > /dev/full"), 1,
               "standard output: cannot be written: No space left on device");
}

TEST_CASE("command line: a pipe with a name is not waited for, one that a shell made is read", "[native][files]") {
    const TimeLimit limit(60);
    const OutFolder folder;
    const std::string fifo = folder / "fifo";
    ::mkfifo(fifo.c_str(), 0600);
    check_told(run_gilplay({"scenario", fifo}), 2, "is no regular file");
    check_told(run_gilplay({"simulate", "cpu-bound", "--machine", fifo}), 2, "is no regular file");
    check_told(run_gilplay({"scenario", "/dev/zero"}), 2, "is no regular file");

    put(folder / "scenario", R"({"model": "threads", "tasks": [{"name": "a", "steps": [{"compute": {"ms": 5}}]}]})");
    const std::string file = folder / "scenario";
    for (const std::string& line :
         {"- < " + file, "/dev/stdin < " + file, "<(cat " + file + ")", "<(sleep 0.2; cat " + file + ")"}) {
        CAPTURE(line);
        CHECK(in_shell("exec " + gilplay + " scenario --simulate " + line).status == 0);
    }
    CHECK(in_shell("cat " + file + " | " + gilplay + " scenario --simulate /dev/stdin").status == 0);
    CHECK(in_shell("cat " + file + " | " + gilplay + " scenario --simulate /dev/fd/0").status == 0);
    check_told(in_shell("exec " + gilplay + " scenario --simulate - <&-"), 2, "");
}
