#include "native/site_server.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "core/names.h"
#include "native/delay_server.h"
#include "native/growing_threads.h"
#include "native/posix.h"

#ifndef GIL_SITE_DIR
#define GIL_SITE_DIR ""
#endif

namespace gil::native {

namespace fs = std::filesystem;

namespace {

constexpr int first_port = 8'000;
constexpr int last_port = 8'999;
/// Each serves one connection or waits in one /delay, so this many can be under way.
constexpr std::size_t server_threads = 1'024;

std::string content_type(const fs::path& file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".wasm", "application/wasm"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".md", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
        {".xml", "application/xml"},
    }};
    const std::string extension = file.extension().string();
    for (const auto& [ending, type] : types) {
        if (extension == ending) return std::string(type);
    }
    return "application/octet-stream";
}

/// The file that `path` names inside `root`; nothing for what is not there or would lead outside.
std::optional<fs::path> file_in(const fs::path& root, const std::string& path) {
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos) return std::nullopt;
    std::error_code error;
    fs::path file = fs::canonical(root / path.substr(1), error);
    if (error) return std::nullopt;
    if (fs::is_directory(file, error)) file = fs::canonical(file / "index.html", error);
    if (error || !fs::is_regular_file(file, error)) return std::nullopt;
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    return end == root.end() ? std::optional(file) : std::nullopt;
}

std::string etag_of(const fs::path& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) return "";
    return "\"" + std::to_string(about.st_size) + "-" + std::to_string(about.st_mtim.tv_sec) + "." +
           std::to_string(about.st_mtim.tv_nsec) + "\"";
}

bool accepts_brotli(const httplib::Request& request) {
    std::string accepted = request.get_header_value("Accept-Encoding");
    for (char& c : accepted) {
        if (c == ',' || c == ';') c = ' ';
    }
    return (" " + accepted + " ").find(" br ") != std::string::npos;
}

} // namespace

class SiteServer::Impl {
  public:
    explicit Impl(const Options& options) : root_(options.site), isolation_(options.isolation) {
        server_.new_task_queue = [] { return new GrowingThreads(server_threads); };
        // httplib's default, SO_REUSEPORT, would let two servers share one port.
        server_.set_socket_options([](int socket) {
            const int on = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        });
        server_.set_tcp_nodelay(true);
        server_.set_pre_routing_handler([this](const auto& request, auto& response) {
            headers(response);
            if (request.version == "HTTP/1.1" && !request.has_header("Host")) {
                response.status = 400;
                response.set_content("a request needs the header Host\n", "text/plain");
                return httplib::Server::HandlerResponse::Handled;
            }
            if (request.method == "GET" || request.method == "HEAD") {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            response.status = 405;
            response.set_header("Allow", "GET, HEAD");
            response.set_content("only GET and HEAD\n", "text/plain");
            return httplib::Server::HandlerResponse::Handled;
        });
        server_.Get("/delay", [this](const auto& request, auto& response) { delay(request, response); });
        // Tells the page that it may measure waits with real requests; a static host serves the site's own file.
        server_.Get("/host.json", [](const auto&, auto& response) {
            response.set_content("{\"delay\": \"delay\"}\n", "application/json");
        });
        server_.Get(".*", [this](const auto& request, auto& response) { file(request, response); });
    }

    bool bind(int port) {
        errno = 0;
        if (!server_.bind_to_port("127.0.0.1", port)) return false;
        port_ = port;
        return true;
    }

    [[nodiscard]] int port() const { return port_; }

    void serve_until_signal() {
        sigset_t ending;
        ::sigemptyset(&ending);
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending, number);
        ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
        std::thread serving([this] { server_.listen_after_bind(); });
        int number = 0;
        ::sigwait(&ending, &number);
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        stopped_.notify_all();
        server_.wait_until_ready();
        server_.stop();
        serving.join();
    }

  private:
    void headers(httplib::Response& response) const {
        response.set_header("Cache-Control", "no-cache");
        response.set_header("X-Content-Type-Options", "nosniff");
        if (!isolation_) return;
        response.set_header("Cross-Origin-Opener-Policy", "same-origin");
        response.set_header("Cross-Origin-Embedder-Policy", "require-corp");
        response.set_header("Cross-Origin-Resource-Policy", "cross-origin");
        response.set_header("Document-Isolation-Policy", "isolate-and-require-corp");
    }

    void delay(const httplib::Request& request, httplib::Response& response) {
        const auto wait = parse_delay(request.get_param_value("ms"));
        if (!wait) {
            response.status = 400;
            return response.set_content(wait.error().line() + "\n", "text/plain");
        }
        std::unique_lock lock(mutex_);
        if (stopped_.wait_for(lock, std::chrono::nanoseconds(wait.value()), [this] { return stopping_; })) {
            response.status = 503;
            return response.set_content("the server is ending\n", "text/plain");
        }
        response.set_content("done\n", "text/plain");
    }

    void file(const httplib::Request& request, httplib::Response& response) const {
        const auto found = file_in(root_, request.path);
        if (!found) {
            response.status = 404;
            return response.set_content("there is no " + printable(request.path) + "\n", "text/plain");
        }
        // Relative links of a folder's page need the slash.
        if (std::error_code error;
            request.path.back() != '/' && fs::is_directory(root_ / request.path.substr(1), error)) {
            return response.set_redirect(request.path + "/", 301);
        }
        fs::path sent = *found;
        response.set_header("Vary", "Accept-Encoding");
        std::error_code error;
        if (fs::path packed = sent.string() + ".br"; accepts_brotli(request) && fs::is_regular_file(packed, error)) {
            sent = packed;
            response.set_header("Content-Encoding", "br");
        }
        const std::string etag = etag_of(sent);
        response.set_header("ETag", etag);
        if (!etag.empty() && request.get_header_value("If-None-Match") == etag) {
            response.status = 304;
            return;
        }
        std::ifstream stream(sent, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (!stream) {
            response.status = 500;
            return response.set_content("the file cannot be read\n", "text/plain");
        }
        response.set_content(std::move(bytes), content_type(*found));
    }

    const fs::path root_;
    const bool isolation_;
    httplib::Server server_;
    int port_ = 0;
    std::mutex mutex_; ///< protects stopping_
    std::condition_variable stopped_;
    bool stopping_ = false; ///< requests that wait are to end now
};

SiteServer::SiteServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SiteServer::~SiteServer() = default;

Result<std::unique_ptr<SiteServer>> SiteServer::open(const Options& options) {
    auto impl = std::make_unique<Impl>(options);
    if (options.port != 0) {
        if (!impl->bind(options.port)) {
            return Error{"--port " + std::to_string(options.port), "cannot be used here: " + errno_text(errno),
                         "a free port"};
        }
        return std::unique_ptr<SiteServer>(new SiteServer(std::move(impl)));
    }
    for (int port = first_port; port <= last_port; ++port) {
        if (impl->bind(port)) return std::unique_ptr<SiteServer>(new SiteServer(std::move(impl)));
    }
    return Error{"", "no port from 8000 to 8999 is free", "--port N"};
}

int SiteServer::port() const {
    return impl_->port();
}

void SiteServer::serve_until_signal() {
    impl_->serve_until_signal();
}

Result<std::string> checked_site(const std::string& folder) {
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    if (error) return Error{option_place("--site", folder), error.message(), "the folder of the built site"};
    if (!fs::is_regular_file(root / "index.html", error)) {
        return Error{option_place("--site", folder), "there is no index.html in it", "the folder of the built site"};
    }
    return root.string();
}

Result<std::string> find_site() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    const std::array<fs::path, 3> places{fs::path(GIL_SITE_DIR), folder / "site",
                                         folder.parent_path() / "web" / "site"};
    for (const fs::path& place : places) {
        if (place.empty()) continue;
        if (auto site = checked_site(place.string())) return site;
    }
    return Error{"", "the site is not built: there is no folder \"site\" beside this program, nor \"../web/site\"",
                 "--site DIR"};
}

} // namespace gil::native
