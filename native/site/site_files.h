// The files of a built site: which one a path names, and what is told about it. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace gil::native {

class SiteFiles {
  public:
    /// `root` as checked_site() gave it.
    explicit SiteFiles(const std::string& root) : root_(root) {}

    struct Found {
        std::filesystem::path file; ///< without symbolic links, inside the site
        bool folder = false;        ///< the path names a folder, `file` is its index.html
    };
    /// What the path of a request ("/page.js") names; nothing for what is not there or would lead outside.
    [[nodiscard]] std::optional<Found> find(const std::string& path) const;

    /// The brotli form of a file of the site, found and checked as the file itself is.
    [[nodiscard]] std::optional<std::filesystem::path> packed(const std::filesystem::path& file) const;

  private:
    [[nodiscard]] std::optional<std::filesystem::path> inside(const std::filesystem::path& file) const;

    std::filesystem::path root_;
};

/// "text/javascript; charset=utf-8", by the ending.
[[nodiscard]] std::string content_type(const std::filesystem::path& file);

/// The folder as it is when it holds an index.html.
[[nodiscard]] Result<std::string> checked_site(const std::string& folder);

/// The built site: beside this program, or where a build puts it.
[[nodiscard]] Result<std::string> find_site();

} // namespace gil::native
