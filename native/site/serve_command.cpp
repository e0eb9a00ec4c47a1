// gilplay serve: the built site on loopback.
#include <CLI/CLI.hpp>

#include <memory>

#include "native/cli/options.h"
#include "native/cli/waiting.h"
#include "native/site/serve_command.h"
#include "native/site/site_files.h"
#include "native/site/site_server.h"

namespace gil::native {

namespace {

struct ServeOptions {
    std::string port;
    CLI::Option* port_option = nullptr;
    std::string site;
    CLI::Option* site_option = nullptr;
    bool no_isolation = false;
};

int serve(const ServeOptions& options) {
    SiteServer::Options wanted;
    wanted.isolation = !options.no_isolation;
    if (options.port_option->count() > 0) {
        const auto port = parse_integer("--port", options.port, 1, 65'535);
        if (!port) return usage_error(port.error());
        wanted.port = static_cast<int>(port.value());
    }
    const auto site = options.site_option->count() > 0 ? checked_site(options.site) : find_site();
    if (!site) return usage_error(site.error());
    wanted.site = site.value();
    const SignalWatch signals; // before there is an address that somebody could wait for
    auto server = SiteServer::open(wanted);
    if (!server) return usage_error(server.error());
    if (const int status = print_out("http://127.0.0.1:" + std::to_string(server.value()->port()) + "/\n"))
        return status;
    server.value()->serve_until(signals.fd());
    while (signals.taken() != 0) continue; // left over, it would end this process once it is no longer watched for
    return 0;
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
