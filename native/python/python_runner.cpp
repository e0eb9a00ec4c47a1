#include "native/python/python_runner.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "core/base/json.h"
#include "core/base/text.h"
#include "native/base/posix.h"
#include "native/python/program_run.h"
#include "native/python/script_folder.h"

namespace gil::native {

namespace {

constexpr std::array names{"python3.9",   "python3.10", "python3.11",  "python3.12", "python3.13",
                           "python3.13t", "python3.14", "python3.14t", "python3"};

// Python 2 understands this as well, so that it can be told apart from something that is no Python.
constexpr const char* question = R"py(import json, os, platform, sys
ask = getattr(sys, "_is_gil_enabled", None)
print(json.dumps({"version": platform.python_version(),
    "implementation": platform.python_implementation(),
    "gil": ask() if ask else True,
    "executable": os.path.realpath(sys.executable or "")}))
)py";

bool is_program(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<std::string> folders_of_path() {
    const char* path = std::getenv("PATH");
    std::vector<std::string> folders;
    std::string_view left = path ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!left.empty()) {
        const std::size_t end = std::min(left.find(':'), left.size());
        if (end > 0 && left.front() == '/') folders.emplace_back(left.substr(0, end));
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return folders;
}

std::string real_path(const std::string& path) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    return error ? path : real.string();
}

std::string in_seconds(Nanoseconds time) {
    return plain_number(static_cast<double>(time) / static_cast<double>(second)) + " s";
}

/// The line that says what went wrong: the last one of a traceback, else the first.
std::string telling_line(std::string_view text) {
    const auto blank = [](char c) { return c == '\n' || c == ' '; };
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    const bool traceback = text.find("Traceback (most recent") != std::string_view::npos;
    const std::size_t newline = traceback ? text.rfind('\n') : text.find('\n');
    if (newline == std::string_view::npos) return printable(text, 160);
    return printable(traceback ? text.substr(newline + 1) : text.substr(0, newline), 160);
}

/// Standard output of a run that ended well.
Result<std::string> output_of(ProgramEnd end, const PythonInterpreter& interpreter, const ProgramLimits& limits) {
    const auto error = [&](std::string what, std::string accepted = {}) {
        return Error{printable(interpreter.path, 200), std::move(what), std::move(accepted)};
    };
    switch (end.kind) {
    case ProgramEnd::Kind::not_started:
        return error("cannot be started: " + errno_text(end.error));
    case ProgramEnd::Kind::too_slow:
        return error("did not finish within " + in_seconds(limits.time) + " and was ended with all its processes");
    case ProgramEnd::Kind::too_much:
        return error("printed more than " + std::to_string(limits.output_bytes >> 20) + " MiB and was ended");
    case ProgramEnd::Kind::interrupted:
        return error("was interrupted");
    case ProgramEnd::Kind::ended:
        break;
    }
    if (end.status == 0) return std::move(end.out);
    const std::string said = telling_line(end.err);
    return error(describe_exit(end.status) + (said.empty() ? "" : ": " + said));
}

bool is_old(std::string_view version) {
    std::array<int, 2> parts{0, 0};
    const char* at = version.data();
    const char* end = version.data() + version.size();
    for (int& part : parts) {
        at = std::from_chars(at, end, part).ptr;
        if (at != end) ++at;
    }
    return parts < std::array<int, 2>{3, 9};
}

} // namespace

std::vector<std::string> pythons_on_path() {
    std::vector<std::string> found;
    std::vector<std::string> real;
    for (const char* name : names) {
        for (const std::string& folder : folders_of_path()) {
            const std::string path = folder + "/" + name;
            if (!is_program(path)) continue;
            const std::string file = real_path(path);
            if (std::find(real.begin(), real.end(), file) != real.end()) continue;
            real.push_back(file);
            found.push_back(path);
        }
    }
    return found;
}

Result<std::string> find_program(const std::string& name) {
    const std::string where = option_place("--interpreter", name);
    const std::string accepted = "the path of a Python, or its name on PATH";
    if (name.empty()) return Error{where, "is empty", accepted};
    if (name.find('/') == std::string::npos) {
        for (const std::string& folder : folders_of_path()) {
            if (is_program(folder + "/" + name)) return folder + "/" + name;
        }
        return Error{where, "is not on PATH", accepted};
    }
    struct stat info {};
    if (::stat(name.c_str(), &info) != 0) return Error{where, errno_text(errno), accepted};
    if (S_ISDIR(info.st_mode)) return Error{where, "is a directory", accepted};
    if (!is_program(name)) return Error{where, "is not an executable file", accepted};
    return name;
}

Result<FoundPython> ask_python(const std::string& path, const PythonLimits& limits) {
    FoundPython python;
    python.interpreter.path = path;
    const ProgramLimits program{limits.time, 1u << 20, limits.interrupt_fd};
    const auto out = output_of(run_program({path, "-c", question}, program, limits.tick), python.interpreter, program);
    if (!out) return out.error();
    const auto refused = [&](std::string what) { return Error{printable(path, 200), std::move(what), {}}; };
    auto json = parse_json(out.value(), "its answer");
    if (!json || !json.value().is_object() || !json.value().contains("executable")) {
        return refused("does not answer as a Python does");
    }
    const Json executable = json.value()["executable"];
    json.value().erase("executable");
    auto interpreter = interpreter_from_json(json.value(), path);
    if (!interpreter || !executable.is_string()) return refused("does not answer as a Python does");
    python.interpreter = std::move(interpreter.value());
    if (is_old(python.interpreter.version)) {
        return refused("is Python " + python.interpreter.version + "; the scripts need 3.9 or newer");
    }
    python.executable = executable.get<std::string>();
    if (python.executable.empty()) python.executable = real_path(path);
    return python;
}

Result<std::string> run_script(const PythonInterpreter& interpreter, std::string_view name, std::string_view script,
                               std::vector<std::string> arguments, const PythonLimits& limits) {
    const ScriptFolder folder;
    const auto file = folder.write(std::string(name) + ".py", script);
    if (!file) return file.error();
    std::vector<std::string> command{interpreter.path, file.value()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    ProgramLimits program;
    program.time = limits.time;
    program.interrupt_fd = limits.interrupt_fd;
    program.temporary_folder = folder.temporary();
    program.remove_when_killed = folder.path();
    return output_of(run_program(std::move(command), program, limits.tick), interpreter, program);
}

} // namespace gil::native
