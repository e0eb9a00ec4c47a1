// The built site over HTTP, on 127.0.0.1 only, with the headers that make a page cross-origin isolated, and
// /delay?ms=N beside it.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"

namespace gil::native {

class SiteServer {
  public:
    struct Options {
        std::string site;      ///< folder, checked
        int port = 0;          ///< 0: the first free one from 8000
        bool isolation = true; ///< COOP, COEP, CORP and Document-Isolation-Policy
    };

    /// Binds the port; a port in use is an Error.
    [[nodiscard]] static Result<std::unique_ptr<SiteServer>> open(const Options& options);
    ~SiteServer();
    SiteServer(const SiteServer&) = delete;
    SiteServer& operator=(const SiteServer&) = delete;

    [[nodiscard]] int port() const;
    /// Serves until SIGINT or SIGTERM. Blocks; main thread, which must not have started others.
    void serve_until_signal();

  private:
    class Impl;
    explicit SiteServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The folder as it is when it holds an index.html.
[[nodiscard]] Result<std::string> checked_site(const std::string& folder);

/// The built site: beside this program, or where a build puts it.
[[nodiscard]] Result<std::string> find_site();

} // namespace gil::native
