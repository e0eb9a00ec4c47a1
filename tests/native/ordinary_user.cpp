#include "tests/native/ordinary_user.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace gil::native::test {

namespace {

/// With a number of its own: what others run as "nobody" would count.
unsigned some_user() {
    return 30'000 + static_cast<unsigned>(::getpid()) % 30'000;
}

} // namespace

OrdinaryUser::OrdinaryUser() {
    folder_ = std::filesystem::temp_directory_path() / "gilplay-user-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) {
        missing_ = "no temporary folder can be made";
        folder_.clear();
        return;
    }
    std::error_code error;
    for (const char* program : {"gilplay", "gilplay-engine"}) {
        if (!error) std::filesystem::copy(GIL_BUILD_DIR "/" + std::string(program), folder_ + "/" + program, error);
    }
    if (error) missing_ = "the programs cannot be copied";
    if (::geteuid() != 0 || !missing_.empty()) return;
    std::filesystem::permissions(folder_, std::filesystem::perms(0755), error);
    if (::chown(folder_.c_str(), some_user(), some_user()) != 0) missing_ = "no folder can be given to another user";
    if (missing_.empty() && run("", "list").status != 0) missing_ = "setpriv cannot change to another user";
}

OrdinaryUser::~OrdinaryUser() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> OrdinaryUser::command(const std::string& before, const std::string& words) const {
    std::vector<std::string> command;
    if (::geteuid() == 0) {
        const std::string user = std::to_string(some_user());
        command = {"/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"};
    }
    command.insert(command.end(), {"/bin/bash", "-c", before + "\nexec " + folder_ + "/gilplay " + words});
    return command;
}

Finished OrdinaryUser::run(const std::string& before, const std::string& words) const {
    std::vector<std::string> arguments = command(before, words);
    const std::string program = arguments.front();
    arguments.erase(arguments.begin());
    return run_program(program, arguments);
}

} // namespace gil::native::test
