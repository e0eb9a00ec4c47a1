// gilplay serve: the built site on loopback, by the program gilplay-server.
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

struct ServeOptions {
    std::string port;
    CLI::Option* port_option = nullptr;
    std::string site;
    CLI::Option* site_option = nullptr;
    bool no_isolation = false;
};

/// This process becomes gilplay-server, which checks the rest and says what is wrong as this program would.
int serve(const ServeOptions& options) {
    std::string port = "0";
    if (options.port_option->count() > 0) {
        const auto chosen = parse_integer("--port", options.port, 1, 65'535);
        if (!chosen) return usage_error(chosen.error());
        port = std::to_string(chosen.value());
    }
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error).replace_filename("gilplay-server");
    std::vector<std::string> words{"gilplay-server", port, options.no_isolation ? "plain" : "isolated"};
    if (options.site_option->count() > 0) words.push_back(options.site);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    return run_error(system_error(program.string(), "cannot be started", errno));
}

} // namespace

void add_serve(CLI::App& app, Action& action) {
    auto options = std::make_shared<ServeOptions>();
    CLI::App* command = app.add_subcommand("serve", "Serve the built page on this computer, with isolation headers");
    options->port_option =
        command->add_option("--port", options->port, "Port; without it the first free one from 8000")->type_name("N");
    options->site_option = command->add_option("--site", options->site, "Folder of the built site")->type_name("DIR");
    command->add_flag("--no-isolation", options->no_isolation, "Leave the isolation headers out, to see what is lost");
    command->callback([options, &action] { action = [options] { return serve(*options); }; });
}

} // namespace gil::native
