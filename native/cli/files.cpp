#include "native/cli/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdio>
#include <optional>
#include <span>

#include "core/base/json.h"
#include "core/base/text.h"
#include "native/base/event_loop.h"

namespace gil::native {

namespace {

std::span<const std::uint8_t> content_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The descriptor of this process that `path` is another name of. It is used as it is: to open it again would begin at
/// the start of its file, or wait for the other end of a pipe.
std::optional<int> named_descriptor(std::string_view path) {
    if (path == "/dev/stdin") return STDIN_FILENO;
    if (path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(folder)) continue;
        const std::string_view number = path.substr(folder.size());
        int fd = -1;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), fd);
        if (error == std::errc() && end == number.data() + number.size() && fd >= 0) return fd;
    }
    return std::nullopt;
}

std::string link_to(int fd) {
    return "/proc/self/fd/" + std::to_string(fd);
}

bool is_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Where `fd` is found in the file system, all links followed; empty when that cannot be told.
std::string real_path_of(int fd) {
    std::array<char, PATH_MAX> path;
    const ssize_t length = ::readlink(link_to(fd).c_str(), path.data(), path.size());
    if (length <= 0 || length == static_cast<ssize_t>(path.size())) return {};
    std::string real(path.data(), static_cast<std::size_t>(length));
    struct stat there {};
    struct stat ours {};
    if (::lstat(real.c_str(), &there) != 0 || ::fstat(fd, &ours) != 0 || !is_same(there, ours)) return {};
    return real;
}

std::string random_name() {
    std::array<std::uint8_t, 8> bytes{};
    (void)!::getrandom(bytes.data(), bytes.size(), 0);
    std::string name = ".gilplay-";
    constexpr std::string_view digits = "0123456789abcdef";
    for (const std::uint8_t byte : bytes) {
        name += digits[byte >> 4];
        name += digits[byte & 15];
    }
    return name;
}

/// Opens for writing without waiting; a pipe gets `patience` for its reader to come.
UniqueFd open_to_write(const std::string& path, int more, Nanoseconds patience) {
    const Nanoseconds deadline = monotonic_now() + patience;
    for (;;) {
        UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | more, 0666));
        struct stat info {};
        const int error = errno;
        const bool is_pipe = !fd.valid() && error == ENXIO && ::stat(path.c_str(), &info) == 0 &&
                             S_ISFIFO(info.st_mode) && monotonic_now() < deadline;
        errno = error;
        if (!is_pipe) return fd;
        ::poll(nullptr, 0, 20);
    }
}

} // namespace

Result<std::string> read_text(const std::string& path) {
    const auto refused = [](std::string what) { return Error{"", std::move(what), "a file that can be read"}; };
    const auto descriptor = path == "-" ? std::optional(STDIN_FILENO) : named_descriptor(path);
    // Without O_NONBLOCK to open a named pipe would be to wait for its writer.
    const UniqueFd fd(descriptor ? ::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0)
                                 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd.valid()) return refused(errno_text(errno));
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return refused(errno_text(errno));
    if (S_ISDIR(info.st_mode)) return refused(errno_text(EISDIR));
    if (!descriptor && !S_ISREG(info.st_mode)) return Error{"", "is no regular file", "one, or - for standard input"};
    std::string text;
    std::array<char, 65'536> piece;
    for (;;) {
        const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pollfd more{fd.get(), POLLIN, 0};
            ::poll(&more, 1, -1);
            continue;
        }
        if (got < 0) return refused(errno_text(errno));
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > max_json_bytes) return Error{"", "the file is too large", "at most 64 MiB"};
    }
}

Result<OutFile> OutFile::open(std::string_view option, const std::string& path) {
    OutFile file(option_place(option, path));
    int error = file.open_existing(path);
    if (error == ENOENT) error = file.open_missing(path);
    if (error == ENXIO) return Error{file.place_, "nobody reads this pipe", "a file that can be written"};
    if (error != 0) return Error{file.place_, errno_text(error), "a file that can be written"};
    return file;
}

int OutFile::open_existing(const std::string& path) {
    if (const auto descriptor = named_descriptor(path)) {
        fd_.reset(::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0));
        if (!fd_.valid()) return errno;
        return (::fcntl(fd_.get(), F_GETFL) & O_ACCMODE) == O_RDONLY ? EBADF : 0;
    }
    UniqueFd fd = open_to_write(path, 0, 2 * second);
    return fd.valid() ? open_target(std::move(fd)) : errno;
}

/// `fd` is what there is, opened by the system's own rules for links.
int OutFile::open_target(UniqueFd fd) {
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return errno;
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) return errno;
    // Also our own standard output by its file's name: what is printed follows what is written there.
    struct stat out {};
    if (S_ISREG(info.st_mode) && ::fstat(STDOUT_FILENO, &out) == 0 && is_same(out, info)) {
        fd_.reset(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
        return fd_.valid() ? 0 : errno;
    }
    fd_ = std::move(fd);
    is_regular_ = S_ISREG(info.st_mode);
    if (!is_regular_ || info.st_nlink != 1) return 0;
    exists_ = true;
    mode_ = info.st_mode & 07777;
    user_ = info.st_uid;
    group_ = info.st_gid;
    if (user_ != ::geteuid() && ::geteuid() != 0) return 0;
    old_ = std::move(fd_);
    const std::string real = real_path_of(old_.get());
    if (real.empty() || prepare_beside(real) != 0) {
        folder_.reset();
        fd_ = std::move(old_);
    }
    return 0;
}

/// There is nothing yet, and there will not be before there is something to write. Where a link leads to nothing the
/// system says what it leads to.
int OutFile::open_missing(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return prepare_beside(path);
    const UniqueFd made = open_to_write(path, O_CREAT, 0);
    if (!made.valid()) return errno;
    const std::string real = real_path_of(made.get());
    if (real.empty() || ::fstat(made.get(), &info) != 0 || info.st_size != 0) return ENOENT;
    ::unlink(real.c_str());
    return prepare_beside(real);
}

/// Opens the folder, and in it a file without a name where the file system has such; else looks whether it takes a
/// file.
int OutFile::prepare_beside(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    name_ = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name_.empty()) return slash == std::string::npos ? ENOENT : EISDIR;
    folder_.reset(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder_.valid()) return errno;
    fd_.reset(::openat(folder_.get(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
    if (fd_.valid()) {
        // It gets its name by way of /proc.
        if (::access(link_to(fd_.get()).c_str(), F_OK) != 0) fd_.reset();
        return 0;
    }
    // Not every file system has such files: does it take one at all?
    const BlockedSignals undisturbed;
    const std::string probe = random_name();
    const UniqueFd made = create_beside(probe);
    if (!made.valid()) return errno;
    ::unlinkat(folder_.get(), probe.c_str(), 0);
    return 0;
}

UniqueFd OutFile::create_beside(const std::string& name) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return UniqueFd(::openat(folder_.get(), name.c_str(), flags, 0666));
}

Result<Nothing> OutFile::write(std::string_view text) {
    int error = folder_.valid() ? write_beside(text) : write_in_place(text);
    if (error == EBUSY && old_.valid()) { // something is mounted on this one file
        fd_ = std::move(old_);
        error = write_in_place(text);
    }
    if (error != 0) return system_error(place_, "cannot be written", error);
    return Nothing{};
}

int OutFile::write_in_place(std::string_view text) const {
    // What does not fit is known before the old content is touched, where the file system can tell.
    if (is_regular_ && !text.empty()) {
        rlimit limit{};
        if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && text.size() > limit.rlim_cur) return EFBIG;
        const int reserved = ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(text.size()));
        if (reserved != 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) return errno;
    }
    if (!write_all(fd_.get(), content_of(text))) return errno;
    if (is_regular_ && ::ftruncate(fd_.get(), static_cast<off_t>(text.size())) != 0) return errno;
    return 0;
}

int OutFile::write_beside(std::string_view text) {
    std::string named;
    std::optional<BlockedSignals> undisturbed; // a name that is not the final one must not stay
    if (!fd_.valid()) {
        undisturbed.emplace();
        named = random_name();
        fd_ = create_beside(named);
        if (!fd_.valid()) return errno;
    }
    int error = write_all(fd_.get(), content_of(text)) ? 0 : errno;
    if (error == 0 && exists_) error = adopt_owner();
    // The file system may tell only now that there was no room.
    if (error == 0 && ::fsync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) error = errno;
    if (error == 0 && named.empty()) error = take_place();
    if (error == 0 && !named.empty() && ::renameat(folder_.get(), named.c_str(), folder_.get(), name_.c_str()) != 0) {
        error = errno;
    }
    if (error != 0 && !named.empty()) ::unlinkat(folder_.get(), named.c_str(), 0);
    fd_.reset();
    return error;
}

int OutFile::adopt_owner() const {
    struct stat now {};
    if (::fstat(fd_.get(), &now) != 0) return errno;
    mode_t mode = mode_;
    const bool other = now.st_uid != user_ || now.st_gid != group_;
    // What a group that we are not in was allowed is not for ours.
    if (other && ::fchown(fd_.get(), user_, group_) != 0) mode &= 0707;
    return ::fchmod(fd_.get(), mode) == 0 ? 0 : errno;
}

/// Gives the file without a name that of the old one. A link cannot replace, so it gets another name first.
int OutFile::take_place() {
    const std::string file = link_to(fd_.get());
    if (!exists_ && ::linkat(AT_FDCWD, file.c_str(), folder_.get(), name_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        return 0;
    }
    const BlockedSignals undisturbed;
    const std::string named = random_name();
    if (::linkat(AT_FDCWD, file.c_str(), folder_.get(), named.c_str(), AT_SYMLINK_FOLLOW) != 0) return errno;
    if (::renameat(folder_.get(), named.c_str(), folder_.get(), name_.c_str()) == 0) return 0;
    const int error = errno;
    ::unlinkat(folder_.get(), named.c_str(), 0);
    return error;
}

} // namespace gil::native
