#include "native/site/site_files.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/text.h"

#ifndef GIL_SITE_DIR
#define GIL_SITE_DIR ""
#endif

namespace gil::native {

namespace fs = std::filesystem;

std::optional<fs::path> SiteFiles::inside(const fs::path& file) const {
    std::error_code error;
    fs::path real = fs::canonical(file, error);
    if (error || !fs::is_regular_file(real, error)) return std::nullopt;
    const auto [end, ignored] = std::mismatch(root_.begin(), root_.end(), real.begin(), real.end());
    return end == root_.end() ? std::optional(std::move(real)) : std::nullopt;
}

std::optional<SiteFiles::Found> SiteFiles::find(const std::string& path) const {
    // "//x" would be the file "/x" here, and another computer in a redirect.
    if (!path.starts_with('/') || path.starts_with("//")) return std::nullopt;
    const fs::path named = root_ / path.substr(1);
    std::error_code error;
    const bool folder = fs::is_directory(named, error);
    auto file = inside(folder ? named / "index.html" : named);
    return file ? std::optional(Found{std::move(*file), folder}) : std::nullopt;
}

std::optional<fs::path> SiteFiles::packed(const fs::path& file) const {
    return inside(file.string() + ".br");
}

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
