// The built site over HTTP, on 127.0.0.1 only, with the header fields of site/_headers, and /delay?ms=N beside it.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

namespace gil::native {

/// One thread serves everything, and what one client can take of it is bounded: the bytes and the time of a request,
/// the connections and the waits of all together. Nobody else is kept waiting by that.
class SiteServer {
  public:
    struct Options {
        std::string site;      ///< folder, checked
        int port = 0;          ///< 0: the first free one from 8000
        bool isolation = true; ///< the header fields that isolate a page
    };

    /// Binds the port; a port in use is an Error.
    [[nodiscard]] static Result<std::unique_ptr<SiteServer>> open(const Options& options);
    ~SiteServer();
    SiteServer(const SiteServer&) = delete;
    SiteServer& operator=(const SiteServer&) = delete;

    [[nodiscard]] int port() const;
    /// Serves until the descriptor `ending` can be read; what is under way then is cut off. Blocks. From then on
    /// SIGPIPE is ignored.
    void serve_until(int ending);

  private:
    class Impl;
    explicit SiteServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace gil::native
