#include "web/app/web_platform.h"

#include <cstddef>
#include <vector>

extern "C" {
// library_app.js. Text goes as pointer and length.

/// Length of the JSON that describes the page: {"embedded", "page_url", "offers_own_tab", "engine_unavailable",
/// "state"}.
int gil_page_describe();
/// Copies that JSON.
void gil_page_description(char* text);
bool gil_page_dark();
/// `what`: 0 save state, 1 copy, 2 open URL, 3 summary (JSON), 4 visit state.
void gil_page_tell(int what, const char* text, std::size_t size);
void gil_page_height(double height);
}

namespace gil::web {
namespace {

enum class Tell { state = 0, copy = 1, open = 2, summary = 3, visit = 4 };

void tell(Tell what, const std::string& text) {
    gil_page_tell(static_cast<int>(what), text.data(), text.size());
}

/// What the page says of itself now.
Json described() {
    std::vector<char> text(static_cast<std::size_t>(gil_page_describe()));
    gil_page_description(text.data());
    const Result<Json> page = parse_json(std::string_view(text.data(), text.size()), "page");
    return page ? page.value() : Json::object();
}

} // namespace

WebPlatform::WebPlatform() {
    const Json page = described();
    info_.is_browser = true;
    info_.embedded = page.value("embedded", false);
    info_.page_url = page.value("page_url", std::string());
    info_.offers_own_tab = page.value("offers_own_tab", false);
    info_.engine_unavailable = page.value("engine_unavailable", std::string());
}

std::string WebPlatform::address() const {
    return described().value("state", std::string());
}

bool WebPlatform::prefers_dark() const {
    return gil_page_dark();
}

void WebPlatform::save_state(const std::string& state) {
    tell(Tell::state, state);
}

void WebPlatform::visit_state(const std::string& state) {
    tell(Tell::visit, state);
}

void WebPlatform::copy_to_clipboard(const std::string& text) {
    tell(Tell::copy, text);
}

void WebPlatform::open_url(const std::string& url) {
    tell(Tell::open, url);
}

void WebPlatform::set_summary(const Json& summary) {
    tell(Tell::summary, dump_json(summary));
}

void WebPlatform::set_content_height(float height) {
    gil_page_height(static_cast<double>(height));
}

} // namespace gil::web
