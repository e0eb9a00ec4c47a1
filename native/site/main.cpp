// gilplay-server: what `gilplay serve` becomes. A program of its own, so that nothing else loads what only a server
// needs.
//   gilplay-server PORT|0 isolated|plain [SITE]
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "native/base/failure.h"
#include "native/cli/output.h"
#include "native/cli/waiting.h"
#include "native/site/site_files.h"
#include "native/site/site_server.h"

namespace {

using namespace gil;
using namespace gil::native;

int serve(int port, bool isolation, const Result<std::string>& site) {
    if (!site) return usage_error(site.error());
    const SignalWatch signals; // before there is an address that somebody could wait for
    auto server = SiteServer::open({site.value(), port, isolation});
    if (!server) return usage_error(server.error());
    const std::string address = "http://127.0.0.1:" + std::to_string(server.value()->port()) + "/\n";
    if (const int status = print_out(address)) return status;
    server.value()->serve_until(signals.fd());
    while (signals.taken() != 0) continue; // left over, it would end this process once it is no longer watched for
    return 0;
}

int server(int argc, char** argv) {
    if (argc != 3 && argc != 4) {
        std::fputs("gilplay-server is started by gilplay serve; run that instead\n", stderr);
        return 2;
    }
    return serve(std::atoi(argv[1]), argv[2] == std::string_view("isolated"),
                 argc == 4 ? checked_site(argv[3]) : find_site());
}

} // namespace

int main(int argc, char** argv) {
    return gil::native::run_guarded(server, argc, argv);
}
