#include "native/base/failure.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/text.h"
#include "native/base/posix.h"

namespace gil::native {

namespace {

// None that a shell or a task uses.
constexpr int out_of_memory_status = 112;
constexpr int refused_status = 113;
constexpr int other_status = 114;

std::atomic<bool> by_status = false;

int status_of(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::bad_alloc&) {
        return out_of_memory_status;
    } catch (const std::system_error&) {
        return refused_status;
    } catch (...) {
        return other_status;
    }
}

void write_line(std::string_view line) {
    (void)write_all(STDERR_FILENO, std::span(reinterpret_cast<const std::uint8_t*>(line.data()), line.size()));
}

/// Where even the words find no room, those that need none.
void tell(const std::exception_ptr& exception) {
    try {
        write_line("gilplay: " + printable(describe_exception(exception).line(), 600) + "\n");
    } catch (...) {
        write_line("gilplay: there is not enough memory\n");
    }
}

/// The status to end with, after what has to be said: of what nobody foresaw the words, too, as they name the fault.
int take_failure() {
    const std::exception_ptr exception = std::current_exception();
    // terminate() is also called without one: a thread that is destroyed while it runs.
    const int status = exception ? status_of(exception) : other_status;
    if (by_status && status != other_status) return status;
    if (exception) {
        tell(exception);
    } else {
        write_line("gilplay: ended unexpectedly\n");
    }
    return by_status ? status : 1;
}

} // namespace

Error describe_exception(std::exception_ptr exception) {
    try {
        std::rethrow_exception(std::move(exception));
    } catch (const std::bad_alloc&) {
        return Error{"", "there is not enough memory", ""};
    } catch (const std::length_error&) {
        return Error{"", "there is not enough memory", ""}; // more was asked for than there can be
    } catch (const std::filesystem::filesystem_error& error) {
        const std::string path = printable(error.path1().string(), 200);
        return Error{path, "cannot be used: " + errno_text(error.code().value()), ""};
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::resource_unavailable_try_again) return Error{"", error.what(), ""};
        return Error{"", "no thread can be started: " + errno_text(error.code().value()), ""};
    } catch (const std::exception& error) {
        return Error{"", std::string("failed unexpectedly: ") + error.what(), ""};
    } catch (...) {
        return Error{"", "failed unexpectedly", ""};
    }
}

int run_guarded(int (*body)(int, char**), int argc, char** argv) {
    std::set_terminate([] { ::_exit(take_failure()); });
    try {
        return body(argc, argv);
    } catch (...) {
        return take_failure();
    }
}

void fail_by_status() {
    by_status = true;
    // Nothing can be given back, and to unwind would need memory as well.
    std::set_new_handler([] { ::_exit(out_of_memory_status); });
}

const char* describe_failure(int exit_status) {
    switch (exit_status) {
    case out_of_memory_status:
        return "ran out of memory";
    case refused_status:
        return "was refused a thread or another thing that it needs of the system";
    case other_status:
        return "failed unexpectedly";
    default:
        return nullptr;
    }
}

} // namespace gil::native
