#include "native/python/script_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>

namespace gil::native {

namespace {

constexpr std::string_view prefix = "gilplay-python-";
constexpr std::string_view pattern = "XXXXXX"; ///< what mkdtemp replaces
constexpr std::time_t youngest_to_sweep = 60;  ///< seconds; one that is being made is not locked yet

std::string temporary_base() {
    const char* base = std::getenv("TMPDIR");
    return base != nullptr && *base == '/' ? base : "/tmp";
}

/// A descriptor of the folder `name` in `base`, locked, when nobody is left who needs it.
UniqueFd abandoned(int base, const char* name) {
    UniqueFd folder(::openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (!folder.valid() || ::fstat(folder.get(), &info) != 0) return {};
    const bool ours = info.st_uid == ::geteuid() && (info.st_mode & 077) == 0;
    const bool old = std::time(nullptr) - info.st_mtim.tv_sec >= youngest_to_sweep;
    if (!ours || !old || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return {};
    return folder;
}

/// By way of the descriptor: the name may mean something else by now.
void remove_content(int folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator each("/proc/self/fd/" + std::to_string(folder), error);
         !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
        std::error_code ignored;
        std::filesystem::remove_all(each->path(), ignored);
    }
}

void sweep_once() {
    static const bool swept = [] {
        sweep_script_folders(temporary_base());
        return true;
    }();
    (void)swept;
}

} // namespace

void sweep_script_folders(const std::string& folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), ::closedir);
    while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        if (!name.starts_with(prefix) || name.size() != prefix.size() + pattern.size()) continue;
        const int base = ::dirfd(entries.get());
        const UniqueFd left = abandoned(base, entry->d_name);
        if (!left.valid()) continue;
        remove_content(left.get());
        ::unlinkat(base, entry->d_name, AT_REMOVEDIR);
    }
}

ScriptFolder::ScriptFolder() {
    sweep_once();
    path_ = temporary_base() + "/" + std::string(prefix) + std::string(pattern);
    if (::mkdtemp(path_.data()) == nullptr) {
        error_ = errno;
        return;
    }
    lock_.reset(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    // Where a file system has no such locks, nobody can take one to sweep either.
    if (lock_.valid()) (void)::flock(lock_.get(), LOCK_EX | LOCK_NB);
}

ScriptFolder::~ScriptFolder() {
    std::error_code ignored;
    if (error_ == 0) std::filesystem::remove_all(path_, ignored);
}

Result<std::string> ScriptFolder::write(const std::string& name, std::string_view text) const {
    if (error_ != 0) return system_error(path_, "no folder for the script can be made", error_);
    const std::string path = path_ + "/" + name;
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    if (!file.valid() || !write_all(file.get(), bytes)) {
        return system_error(path, "the script cannot be written", errno);
    }
    return path;
}

std::string ScriptFolder::temporary() const {
    const std::string path = path_ + "/tmp";
    return error_ == 0 && ::mkdir(path.c_str(), 0700) == 0 ? path : "";
}

} // namespace gil::native
