#include "native/site/site_server.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <map>
#include <utility>

#include "core/base/text.h"
#include "native/base/event_loop.h"
#include "native/base/posix.h"
#include "native/http/client_waits.h"
#include "native/http/delay_server.h"
#include "native/site/http_fields.h"
#include "native/site/site_files.h"
#include "native/site/site_headers.h"

namespace gil::native {

namespace {

constexpr int first_port = 8'000;
constexpr int last_port = 8'999;
/// A short backlog would drop connections, and a dropped one is tried again only after a second.
constexpr int backlog = 4'096;
/// For a whole request, from the connection or the answer before.
constexpr Nanoseconds request_patience = 10 * second;
/// For a client to take a whole answer: megabytes through a slow tunnel.
constexpr Nanoseconds answer_patience = 300 * second;
/// What a request's line and header fields may have, and all that a connection costs.
constexpr std::size_t connection_bytes = 16'384;
constexpr std::size_t most_connections = 1'024;
/// Connections that were ended a moment ago still count until the library has seen it.
constexpr unsigned ended_connections = 64;
/// Descriptors that the process needs besides.
constexpr std::size_t other_descriptors = 24;

/// A connection and the file that it is sent take a descriptor each.
std::size_t connection_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return most_connections;
    const std::size_t usable = std::max<std::size_t>(limit.rlim_cur, other_descriptors + 8) - other_descriptors;
    return std::min(usable / 2, most_connections);
}

/// A listening socket on 127.0.0.1; invalid with errno set when the port cannot be had.
UniqueFd listen_on(int port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (!fd.valid() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd.get(), backlog) != 0) {
        return {};
    }
    return fd;
}

struct DestroyResponse {
    void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, DestroyResponse>;

Response text_response(std::string text, const std::string& type = "text/plain; charset=utf-8") {
    Response response(MHD_create_response_from_buffer(text.size(), text.data(), MHD_RESPMEM_MUST_COPY));
    if (response) MHD_add_response_header(response.get(), "Content-Type", type.c_str());
    return response;
}

/// All fields of that name as one list.
std::string field_of(MHD_Connection* connection, const char* name) {
    struct Wanted {
        const char* name;
        std::string value;
    } wanted{name, ""};
    const auto take = [](void* into, MHD_ValueKind, const char* key, const char* value) {
        auto& found = *static_cast<Wanted*>(into);
        if (::strcasecmp(key, found.name) == 0 && value)
            found.value += (found.value.empty() ? "" : ", ") + std::string(value);
        return MHD_YES;
    };
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take, &wanted);
    return wanted.value;
}

bool has_body(MHD_Connection* connection) {
    const std::string length = field_of(connection, "Content-Length");
    return length.find_first_not_of('0') != std::string::npos || !field_of(connection, "Transfer-Encoding").empty();
}

std::string etag_of(const struct stat& about) {
    return "\"" + std::to_string(about.st_size) + "-" + std::to_string(about.st_mtim.tv_sec) + "." +
           std::to_string(about.st_mtim.tv_nsec) + "\"";
}

} // namespace

class SiteServer::Impl {
  public:
    Impl(const Options& options, UniqueFd listener, int port)
        : files_(options.site), headers_(site_headers(options.isolation)), listener_(std::move(listener)), port_(port),
          limit_(connection_limit()) {}

    ~Impl() {
        if (daemon_) MHD_stop_daemon(daemon_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] bool start() {
        daemon_ = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &on_request, this, //
                                   MHD_OPTION_LISTEN_SOCKET, listener_.get(),                                        //
                                   MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(limit_) + ended_connections,   //
                                   MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_bytes,                             //
                                   MHD_OPTION_NOTIFY_CONNECTION, &on_connection, this,                               //
                                   MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this,                                 //
                                   MHD_OPTION_UNESCAPE_CALLBACK, &unescape, nullptr,                                 //
                                   MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END                              //
        );
        if (daemon_) listener_.release(); // the library closes it
        return daemon_ != nullptr;
    }

    [[nodiscard]] int port() const { return port_; }

    void serve_until(int ending) {
        ::signal(SIGPIPE, SIG_IGN);
        bool ended = false;
        loop_.watch(ending, POLLIN, [&ended](short) { ended = true; });
        // Whatever has come is taken by the next round.
        loop_.watch(MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, [](short) {});
        while (!ended) {
            MHD_run(daemon_);
            waits_.end_overdue(monotonic_now());
            loop_.step(time_to_next());
        }
        ending_ = true;
        while (!delayed_.empty()) end_delay(delayed_.begin()->first, Client::Request::due);
        MHD_run(daemon_);
        MHD_stop_daemon(std::exchange(daemon_, nullptr));
    }

  private:
    /// One connection, as long as the library keeps it.
    struct Client {
        enum class Request { none, begun, delayed, due, gone };

        MHD_Connection* connection = nullptr;
        Request request = Request::none;
        bool answered = false; ///< at least once, in whole
        std::optional<ClientWaits::Ticket> waited_for;
    };

    /// Ends a connection whose client let us wait. The library notices and frees it.
    static void cut_off(const Client& client, ClientWaits::Why why) {
        const int fd = socket_of(client);
        if (!client.answered && client.request == Client::Request::none) {
            const std::string status =
                why == ClientWaits::Why::too_slow ? "408 Request Timeout" : "503 Service Unavailable";
            const std::string answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        ::shutdown(fd, SHUT_RDWR);
    }

    [[nodiscard]] std::optional<Nanoseconds> time_to_next() const {
        std::optional<Nanoseconds> time;
        if (const auto due = waits_.next_due()) time = std::max<Nanoseconds>(*due - monotonic_now(), 0);
        MHD_UNSIGNED_LONG_LONG ms = 0;
        if (MHD_get_timeout(daemon_, &ms) == MHD_YES) {
            const Nanoseconds library =
                static_cast<Nanoseconds>(std::min<MHD_UNSIGNED_LONG_LONG>(ms, 60'000)) * millisecond;
            time = std::min(time.value_or(library), library);
        }
        return time;
    }

    void wait_for(Client& client, Nanoseconds patience) {
        no_longer_wait_for(client);
        client.waited_for = waits_.begin(monotonic_now(), patience, [&client](ClientWaits::Why why) {
            client.waited_for.reset();
            cut_off(client, why);
        });
    }

    void no_longer_wait_for(Client& client) {
        if (client.waited_for) waits_.leave(*std::exchange(client.waited_for, std::nullopt));
    }

    static void on_connection(void* self, MHD_Connection* connection, void** context,
                              MHD_ConnectionNotificationCode code) {
        auto& server = *static_cast<Impl*>(self);
        if (code == MHD_CONNECTION_NOTIFY_STARTED) {
            if (server.waits_.count() + server.delayed_.size() >= server.limit_) {
                (void)server.waits_.end_longest(monotonic_now());
            }
            auto* const client = new Client;
            client->connection = connection;
            *context = client;
            server.wait_for(*client, request_patience);
        } else {
            const std::unique_ptr<Client> client(static_cast<Client*>(*context));
            server.no_longer_wait_for(*client);
        }
    }

    static void on_completed(void* self, MHD_Connection*, void** context, MHD_RequestTerminationCode code) {
        auto* const client = static_cast<Client*>(*context);
        if (!client) return;
        client->answered = client->answered || code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
        client->request = Client::Request::none;
        static_cast<Impl*>(self)->wait_for(*client, request_patience);
    }

    /// A path with a NUL in it names nothing; as a C string it would be another path.
    static std::size_t unescape(void*, MHD_Connection*, char* text) {
        return std::strstr(text, "%00") ? std::strlen(text) : MHD_http_unescape(text);
    }

    static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path, const char* method,
                                 const char* version, const char*, std::size_t*, void** context) {
        try {
            auto& client = *static_cast<Client*>(
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
            *context = &client;
            const bool needs_host = version == std::string_view(MHD_HTTP_VERSION_1_1);
            return static_cast<Impl*>(self)->request(client, path, method, needs_host);
        } catch (const std::exception&) {
            return MHD_NO; // no memory: the connection is closed
        }
    }

    MHD_Result request(Client& client, const std::string& path, std::string_view method, bool needs_host) {
        switch (client.request) {
        case Client::Request::none:
            client.request = Client::Request::begun;
            if (method != "GET" && method != "HEAD") return only_get(client);
            if (has_body(client.connection)) return answer(client, 413, text_response("no request has a body here\n"));
            return MHD_YES; // and is called again
        case Client::Request::begun:
            return route(client, path, needs_host);
        case Client::Request::delayed:
            return MHD_YES;
        case Client::Request::gone:
            return MHD_NO; // and the connection is closed
        case Client::Request::due:
            break;
        }
        if (ending_) return answer(client, 503, text_response("the server is ending\n"));
        return answer(client, 200, text_response("done\n"));
    }

    MHD_Result only_get(Client& client) {
        Response response = text_response("only GET and HEAD\n");
        if (response) MHD_add_response_header(response.get(), "Allow", "GET, HEAD");
        return answer(client, 405, std::move(response));
    }

    MHD_Result route(Client& client, const std::string& path, bool needs_host) {
        const std::string host = field_of(client.connection, "Host");
        // The library would say so, too, but sends its header fields twice.
        if (host.empty() && needs_host) return answer(client, 400, text_response("a request needs the header Host\n"));
        if (!host.empty() && !names_loopback(host)) {
            return answer(client, 421, text_response("only for the hosts 127.0.0.1, localhost and [::1]\n"));
        }
        if (path == "/delay") return delay(client);
        // Tells the page that it may measure waits with real requests; a static host serves the site's own file.
        if (path == "/host.json")
            return answer(client, 200, text_response("{\"delay\": \"delay\"}\n", "application/json"));
        return file(client, path);
    }

    MHD_Result delay(Client& client) {
        const char* ms = MHD_lookup_connection_value(client.connection, MHD_GET_ARGUMENT_KIND, "ms");
        const auto wait = parse_delay(ms ? ms : "");
        if (!wait) return answer(client, 400, text_response(wait.error().line() + "\n"));
        // The other half is kept for those who ask for something else.
        if (delayed_.size() >= limit_ / 2) return answer(client, 503, text_response("too many wait already\n"));
        client.request = Client::Request::delayed;
        no_longer_wait_for(client);
        const std::uint64_t number = next_delay_++;
        delayed_[number] = &client;
        MHD_suspend_connection(client.connection); // and is not closed before it is resumed
        loop_.call_after(wait.value(), [this, number] { end_delay(number, Client::Request::due); });
        // Who has left keeps nobody else out until then.
        loop_.watch(socket_of(client), POLLRDHUP, [this, number](short) { end_delay(number, Client::Request::gone); });
        return MHD_YES;
    }

    /// Its time has come, or its client has gone; nothing when it has been ended already.
    void end_delay(std::uint64_t number, Client::Request how) {
        const auto found = delayed_.find(number);
        if (found == delayed_.end()) return;
        Client& client = *found->second;
        delayed_.erase(found);
        loop_.unwatch(socket_of(client));
        client.request = how;
        MHD_resume_connection(client.connection);
    }

    static int socket_of(const Client& client) {
        return MHD_get_connection_info(client.connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    }

    MHD_Result file(Client& client, const std::string& path) {
        const auto found = files_.find(path);
        if (!found) return answer(client, 404, text_response("there is no " + printable(path) + "\n"));
        if (found->folder && path.back() != '/') return add_slash(client, path);
        const bool brotli = accepts_coding(field_of(client.connection, "Accept-Encoding"), "br");
        const auto packed = brotli ? files_.packed(found->file) : std::nullopt;
        UniqueFd fd(::open((packed ? *packed : found->file).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        struct stat about {};
        if (!fd.valid() || ::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
            return answer(client, 500, text_response("the file cannot be read\n"));
        }
        const std::string etag = etag_of(about);
        const bool same = matches_tag(field_of(client.connection, "If-None-Match"), etag);
        Response response(same ? MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT)
                               : MHD_create_response_from_fd64(static_cast<std::uint64_t>(about.st_size), fd.get()));
        if (!response) return MHD_NO;
        if (!same) {
            fd.release(); // the response closes it
            MHD_add_response_header(response.get(), "Content-Type", content_type(found->file).c_str());
        }
        if (packed && !same) MHD_add_response_header(response.get(), "Content-Encoding", "br");
        MHD_add_response_header(response.get(), "Vary", "Accept-Encoding");
        MHD_add_response_header(response.get(), "ETag", etag.c_str());
        return answer(client, same ? 304 : 200, std::move(response));
    }

    /// Relative links of a folder's page need the slash.
    MHD_Result add_slash(Client& client, const std::string& path) {
        Response response = text_response("this is a folder\n");
        if (response) MHD_add_response_header(response.get(), "Location", (percent_encoded(path) + "/").c_str());
        return answer(client, 301, std::move(response));
    }

    MHD_Result answer(Client& client, unsigned status, Response response) {
        if (!response) return MHD_NO;
        for (const HeaderField& field : headers_) {
            MHD_add_response_header(response.get(), field.name.c_str(), field.value.c_str());
        }
        wait_for(client, answer_patience);
        return MHD_queue_response(client.connection, status, response.get());
    }

    const SiteFiles files_;
    const std::vector<HeaderField> headers_;
    UniqueFd listener_; ///< until the daemon has it
    const int port_;
    const std::size_t limit_; ///< of connections
    MHD_Daemon* daemon_ = nullptr;
    EventLoop loop_;
    ClientWaits waits_;
    std::map<std::uint64_t, Client*> delayed_; ///< by number: suspended until their time has come
    std::uint64_t next_delay_ = 0;
    bool ending_ = false;
};

SiteServer::SiteServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SiteServer::~SiteServer() = default;

Result<std::unique_ptr<SiteServer>> SiteServer::open(const Options& options) {
    UniqueFd listener;
    int port = options.port != 0 ? options.port : first_port;
    while (!(listener = listen_on(port)).valid()) {
        if (options.port != 0) {
            return Error{"--port " + std::to_string(port), "cannot be used here: " + errno_text(errno), "a free port"};
        }
        if (++port > last_port) return Error{"", "no port from 8000 to 8999 is free", "--port N"};
    }
    auto impl = std::make_unique<Impl>(options, std::move(listener), port);
    if (!impl->start()) return system_error("", "no server on loopback", errno);
    return std::unique_ptr<SiteServer>(new SiteServer(std::move(impl)));
}

int SiteServer::port() const {
    return impl_->port();
}

void SiteServer::serve_until(int ending) {
    impl_->serve_until(ending);
}

} // namespace gil::native
