#include "native/engine/operations.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "core/measure/payload.h"
#include "native/base/posix.h"

namespace gil::native {

namespace {

constexpr std::int64_t file_bytes = 64 << 10;

std::string temporary_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != 0 ? folder : "/tmp";
}

/// A file without a name: whatever happens, nothing is left behind.
Result<UniqueFd> open_unnamed() {
    const std::string folder = temporary_folder();
    UniqueFd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd.valid()) return fd;
    // Some file systems do not have O_TMPFILE.
    std::string name = folder + "/gilplay-XXXXXX";
    fd.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd.valid()) return system_error("file", "cannot be made in " + folder, errno);
    ::unlink(name.c_str());
    return fd;
}

Result<Nothing> write_and_read(int fd, std::span<const std::uint8_t> data, std::span<std::uint8_t> back) {
    const auto failed = [](const char* what) { return system_error("file", what, errno); };
    const auto size = static_cast<ssize_t>(data.size());
    if (::pwrite(fd, data.data(), data.size(), 0) != size) return failed("cannot be written");
    if (::fdatasync(fd) != 0) return failed("cannot be made durable");
    if (::pread(fd, back.data(), back.size(), 0) != size) return failed("cannot be read");
    if (std::memcmp(data.data(), back.data(), data.size()) == 0) return Nothing{};
    return Error{"file", "what was read is not what was written", ""};
}

Result<Nothing> use_file(std::uint64_t count) {
    auto fd = open_unnamed();
    if (!fd) return fd.error();
    std::vector<std::uint8_t> back(file_bytes);
    for (std::uint64_t i = 0; i < count; ++i) {
        const Bytes data = make_payload(file_bytes, static_cast<std::uint64_t>(i));
        if (auto done = write_and_read(fd.value().get(), data, back); !done) return done;
    }
    return Nothing{};
}

struct CloseDatabase {
    void operator()(sqlite3* database) const { ::sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, CloseDatabase>;

constexpr std::int64_t rows = 1'000;
constexpr const char* fill = "CREATE TABLE visit(id INTEGER PRIMARY KEY, page INTEGER, ms INTEGER);"
                             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                             "INSERT INTO visit SELECT i, i % 7, i * 3 FROM n;";
constexpr const char* query = "SELECT sum(total) FROM (SELECT page, sum(ms) AS total FROM visit GROUP BY page)";
constexpr std::int64_t right_answer = 3 * rows * (rows + 1) / 2;

Error database_error(sqlite3* database, const char* what) {
    return Error{"database", std::string(what) + ": " + ::sqlite3_errmsg(database), ""};
}

Result<Database> open_filled() {
    sqlite3* raw = nullptr;
    const int opened =
        ::sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(raw);
    if (opened != SQLITE_OK) return database_error(raw, "cannot be opened");
    if (::sqlite3_exec(raw, fill, nullptr, nullptr, nullptr) != SQLITE_OK)
        return database_error(raw, "cannot be filled");
    return database;
}

/// A connection per thread, as sqlite3 in Python wants it; kept, because a program keeps its connection.
Result<sqlite3*> connection() {
    thread_local Database mine;
    if (!mine) {
        auto opened = open_filled();
        if (!opened) return opened.error();
        mine = std::move(opened.value());
    }
    return mine.get();
}

Result<Nothing> use_database(std::uint64_t count) {
    const auto database = connection();
    if (!database) return database.error();
    sqlite3_stmt* raw = nullptr;
    if (::sqlite3_prepare_v2(database.value(), query, -1, &raw, nullptr) != SQLITE_OK) {
        return database_error(database.value(), "does not understand the query");
    }
    const Statement statement(raw);
    for (std::uint64_t i = 0; i < count; ++i) {
        if (::sqlite3_step(raw) != SQLITE_ROW) return database_error(database.value(), "does not answer");
        if (::sqlite3_column_int64(raw, 0) != right_answer) return Error{"database", "gave a wrong answer", ""};
        ::sqlite3_reset(raw);
    }
    return Nothing{};
}

} // namespace

Result<Nothing> do_operations(WaitKind kind, std::uint64_t count) {
    return kind == WaitKind::file ? use_file(count) : use_database(count);
}

std::string why_no_operations(WaitKind kind) {
    const auto tried = do_operations(kind, 1);
    return tried ? std::string() : tried.error().line();
}

} // namespace gil::native
