// The folders that scripts for a Python lie in, also where whoever made one was killed.
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "native/base/posix.h"
#include "native/python/script_folder.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

namespace fs = std::filesystem;

/// A temporary folder that is TMPDIR as long as this object lives.
class TemporaryBase {
  public:
    TemporaryBase() {
        path_ = fs::temp_directory_path() / "gilplay-test-XXXXXX";
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        ::setenv("TMPDIR", path_.c_str(), 1);
    }
    ~TemporaryBase() {
        if (before_.empty()) ::unsetenv("TMPDIR");
        if (!before_.empty()) ::setenv("TMPDIR", before_.c_str(), 1);
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryBase(const TemporaryBase&) = delete;
    TemporaryBase& operator=(const TemporaryBase&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    /// A folder with something in it, as one that was left `age` seconds ago.
    [[nodiscard]] std::string leave(const std::string& name, int age) const {
        const std::string folder = path_ + "/" + name;
        fs::create_directories(folder + "/tmp/deeper");
        std::ofstream(folder + "/tmp/deeper/file") << "left";
        ::chmod(folder.c_str(), 0700);
        make_old(folder, age);
        return folder;
    }
    static void make_old(const std::string& path, int age) {
        const timespec then{::time(nullptr) - age, 0};
        const timespec times[] = {then, then};
        ::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
    }

  private:
    std::string path_;
    std::string before_;
};

} // namespace

TEST_CASE("Script folders whose owner was killed are swept, and nothing else", "[native][scripts-left]") {
    const TemporaryBase base;
    const std::string left = base.leave("gilplay-python-abcDEF", 100);
    const std::string young = base.leave("gilplay-python-young0", 0);
    const std::string other = base.leave("gilplay-python-with-a-longer-name", 100);
    const std::string open_to_all = base.leave("gilplay-python-open00", 100);
    ::chmod(open_to_all.c_str(), 0755);
    const std::string stranger = base.leave("gilplay-python-other0", 100);
    const bool root = ::geteuid() == 0;
    if (root) CHECK(::chown(stranger.c_str(), 65'534, 65'534) == 0);
    const std::string target = base.leave("target", 100);
    fs::create_directory_symlink(target, base.path() + "/gilplay-python-link00");
    // A link inside leads nowhere either.
    fs::create_directory_symlink(target, left + "/tmp/link");
    const ScriptFolder living;
    base.make_old(living.path(), 100);

    sweep_script_folders(base.path());
    CHECK_FALSE(fs::exists(left));
    CHECK(fs::exists(young));
    CHECK(fs::exists(other));
    CHECK(fs::exists(open_to_all));
    CHECK(fs::exists(stranger) == root);
    CHECK(fs::exists(living.path()));
    CHECK(fs::exists(target + "/tmp/deeper/file"));
    CHECK(fs::is_symlink(base.path() + "/gilplay-python-link00"));
}

TEST_CASE("Script folders of a gilplay that is killed go with its Python", "[native]") {
    const TimeLimit limit(120);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    const TemporaryBase base;
    const std::string left = base.leave("gilplay-python-abcDEF", 100);
    const pid_t child = start_gilplay({"calibrate", "--interpreter", python->path});
    const auto has_folder = [&] {
        for (const auto& entry : fs::directory_iterator(base.path())) {
            if (entry.path() != left && fs::exists(entry.path() / "tmp")) return true;
        }
        return false;
    };
    CHECK(eventually(has_folder, 60 * second));
    CHECK_FALSE(fs::exists(left)); // the one before, at the start of this one
    ::kill(child, SIGKILL);
    (void)wait_for_exit(child);
    CHECK(eventually([&] { return fs::is_empty(base.path()); }, 20 * second));
}
